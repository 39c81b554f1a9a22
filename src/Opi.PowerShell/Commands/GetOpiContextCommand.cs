using System.Collections.Specialized;
using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the messages to send to the model next.</summary>
[Cmdlet(VerbsCommon.Get, "OpiContext", DefaultParameterSetName = "Message")]
[OutputType(typeof(AgentMessage), ParameterSetName = ["Message"])]
[OutputType(typeof(OrderedDictionary), ParameterSetName = ["Request"])]
public sealed class GetOpiContextCommand : SessionCmdlet
{
    /// <summary>The provider in whose shape a request has the messages.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Request")]
    [Name<Provider>]
    public Provider As { get; set; }

    /// <summary>What the user says next, or results of tools. It is not persisted.</summary>
    [Parameter]
    [PromptTransformation]
    [ValidateNotNull]
    public Message[] Prompt { get; set; } = [];

    /// <summary>The text for the system.</summary>
    [Parameter(ParameterSetName = "Request")]
    [AllowEmptyString]
    public string? System { get; set; }

    /// <summary>Tool calls without a result are left out.</summary>
    [Parameter(ParameterSetName = "Request")]
    public SwitchParameter Strict { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        using SessionReader reader = OpenReader(Session, Folder);
        if (ParameterSetName == "Request")
        {
            WriteRequest(reader);
            return;
        }

        foreach (AgentMessage message in reader.ReadContext().Messages.Concat(Prompt))
        {
            Cancellation.ThrowIfCancellationRequested();
            WriteObject(message);
        }
    });

    private void WriteRequest(SessionReader reader)
    {
        var messages = new List<AgentMessage>();
        foreach (AgentMessage message in reader.ReadContext().Messages)
        {
            Cancellation.ThrowIfCancellationRequested();
            messages.Add(message);
        }

        var options = new RequestOptions { Prompt = Prompt, System = System, Strict = Strict, Model = Session.Session?.Model ?? reader.Model };
        ProviderRequest request = ProviderRequest.Build(messages, As, options);
        foreach (string warning in request.Warnings)
        {
            WriteWarning($"Session '{reader.Header.Id}': {warning}.");
        }

        WriteObject(JsonTable.Of(request.Body));
    }
}
