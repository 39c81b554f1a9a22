using System.Collections.Specialized;
using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the messages to send to the model next.</summary>
[Cmdlet(VerbsCommon.Get, "OpiContext", DefaultParameterSetName = "Message")]
[OutputType(typeof(AgentMessage), ParameterSetName = ["Message"])]
[OutputType(typeof(OrderedDictionary), typeof(string), ParameterSetName = ["Request"])]
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

    /// <summary>The tools that the model may call: commands, names, paths of scripts, or tables of script blocks.</summary>
    [Parameter(ParameterSetName = "Request")]
    [ValidateNotNull]
    public object[] Tool { get; set; } = [];

    /// <summary>Tool calls without a result are left out.</summary>
    [Parameter(ParameterSetName = "Request")]
    public SwitchParameter Strict { get; set; }

    /// <summary>Marks what the provider is to cache.</summary>
    [Parameter(ParameterSetName = "Request")]
    public SwitchParameter Cache { get; set; }

    /// <summary>Answers that failed or were refused are sent too.</summary>
    [Parameter(ParameterSetName = "Request")]
    public SwitchParameter IncludeErrors { get; set; }

    /// <summary>The body as JSON text.</summary>
    [Parameter(ParameterSetName = "Request")]
    public SwitchParameter AsJson { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        OpiSession? open = FindOpen(Session, Folder);
        using StoredContext? stored = open is null ? OpenContext(Session, Folder) : null;
        IReadOnlyList<ContextEntry> entries = stored?.Entries ?? open!.ReadContextEntries();
        if (ParameterSetName == "Request")
        {
            WriteRequest(
                open, open?.Id ?? stored!.SessionId, stored is null ? open!.Model : stored.Model, entries.Select(entry => entry.Message));
            return;
        }

        foreach (ContextEntry entry in entries)
        {
            Cancellation.ThrowIfCancellationRequested();
            WriteObject(WithPlace(entry));
        }

        foreach (Message message in Prompt)
        {
            WriteObject(message);
        }
    });

    /// <summary>A message with the entry that it is of, and whether that is pinned or cleared.</summary>
    private static PSObject WithPlace(ContextEntry entry)
    {
        var message = new PSObject(entry.Message);
        message.Properties.Add(new PSNoteProperty("EntryId", entry.FileId));
        message.Properties.Add(new PSNoteProperty("Pinned", entry.IsPinned));
        message.Properties.Add(new PSNoteProperty("Cleared", entry.IsCleared));
        return message;
    }

    private void WriteRequest(OpiSession? open, string id, string? model, IEnumerable<AgentMessage> context)
    {
        var messages = new List<AgentMessage>();
        foreach (AgentMessage message in context)
        {
            Cancellation.ThrowIfCancellationRequested();
            messages.Add(message);
        }

        var options = new RequestOptions
        {
            Prompt = Prompt,
            System = System,
            Strict = Strict,
            Model = model,
            Cache = Cache,
            IncludeErrors = IncludeErrors,
            Tools = Tool.Length == 0 ? [] : ToolSet.Of(this, Tool, new ToolSetOptions()).Definitions,
        };
        ProviderRequest request = ProviderRequest.Build(messages, As, options);
        foreach (string warning in request.Warnings)
        {
            if (open is null || WarnedOnce.Of(open).IsNews(warning == request.UnansweredWarning ? WarnedOnce.UnansweredCalls(open) : warning))
            {
                WriteWarning($"Session '{id}': {warning}{(warning == Conversation.NoMessage ? "; -Prompt adds one" : "")}.");
            }
        }

        WriteObject(AsJson ? request.Body.GetRawText() : JsonTable.Of(request.Body));
    }
}
