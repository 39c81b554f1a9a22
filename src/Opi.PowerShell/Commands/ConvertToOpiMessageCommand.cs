using System.Management.Automation;
using System.Text.Json;

namespace Opi.PowerShell.Commands;

/// <summary>Turns the reply of a model's provider, or the messages of a request to one, into messages.</summary>
[Cmdlet(VerbsData.ConvertTo, "OpiMessage")]
[OutputType(typeof(AssistantMessage), typeof(UserMessage), typeof(SystemMessage), typeof(ToolResultMessage))]
public sealed class ConvertToOpiMessageCommand : OpiCmdlet
{
    private readonly List<JsonElement> _pieces = [];
    private readonly WarnedOnce _warned = new();
    private bool _areMessages;

    /// <summary>The reply, or the request.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object InputObject { get; set; } = null!;

    /// <summary>Whose shape it has.</summary>
    [Parameter]
    [Name<Provider>(AllowEmpty = true)]
    public Provider? Provider { get; set; }

    /// <summary>The model that was asked, as provider:model. Not taken from the pipeline: a reply has a member of this name.</summary>
    [Parameter]
    [EmptyAsNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(
        () =>
        {
            if (ArgumentText.Unwrap(InputObject) is Message message)
            {
                WritePieces();
                WriteObject(message); // it is one already
                return;
            }

            GivenReply given = ReplyObject.Read(InputObject, Cancellation);
            JsonElement item = given.Value;
            bool isMessage = ProviderMessages.IsMessage(item);
            if (isMessage != _areMessages)
            {
                WritePieces();
            }

            if (isMessage || ProviderReply.IsPiece(item, _pieces.Count > 0 ? _pieces[^1] : null))
            {
                _areMessages = isMessage;
                _pieces.Add(item);
                return;
            }

            WritePieces();
            Write(given);
        },
        InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(WritePieces);

    /// <summary>What came in pieces, as lines, chunks or messages, is one reply or one conversation.</summary>
    private void WritePieces()
    {
        if (_pieces.Count > 0)
        {
            JsonElement whole = ProviderReply.Join(_pieces);
            _pieces.Clear();
            _areMessages = false;
            Write(new GivenReply(whole));
        }
    }

    private void Write(GivenReply given)
    {
        ProviderMessages? request = ProviderMessages.TryParse(given.Value, Provider, Model);
        foreach (string warning in request?.Warnings ?? [])
        {
            WriteWarning(warning + ".");
        }

        IReadOnlyList<Message> messages = request?.Messages ?? given.Parse(Provider, Model);
        _warned.Warn(this, messages);
        foreach (Message message in messages)
        {
            WriteObject(message);
        }
    }
}
