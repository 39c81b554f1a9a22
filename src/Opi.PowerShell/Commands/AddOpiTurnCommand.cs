using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Persists one turn of a conversation.</summary>
[Cmdlet(VerbsCommon.Add, "OpiTurn", DefaultParameterSetName = "Text", SupportsShouldProcess = true)]
[OutputType(typeof(OpiTurn))]
public sealed class AddOpiTurnCommand : UsageCmdlet
{
    /// <summary>The session: an open one, an id or a path.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    public SessionReference Session { get; set; } = null!;

    /// <summary>What the user said.</summary>
    [Parameter(ParameterSetName = "Text", Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? User { get; set; }

    /// <summary>What the model answered.</summary>
    [Parameter(ParameterSetName = "Text", Position = 2, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Assistant { get; set; }

    /// <summary>The model that answered, as provider:model.</summary>
    [Parameter(ParameterSetName = "Text", ValueFromPipelineByPropertyName = true)]
    [EmptyAsNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Why the model stopped.</summary>
    [Parameter(ParameterSetName = "Text", ValueFromPipelineByPropertyName = true)]
    [Name<StopReason>]
    public StopReason? StopReason { get; set; }

    /// <summary>The messages of the turn, in order.</summary>
    [Parameter(ParameterSetName = "Message", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public Message[] Message { get; set; } = [];

    /// <summary>The folder in which an id is looked for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(AddTurn);

    private void AddTurn()
    {
        string id = Session.ToString();
        bool byText = ParameterSetName == "Text";
        int count = byText ? (string.IsNullOrEmpty(User) ? 0 : 1) + (string.IsNullOrEmpty(Assistant) ? 0 : 1) : Message.Length;
        if (count == 0)
        {
            WriteInvalidArgument("EmptyTurn", "A turn needs -User or -Assistant with some text.", id);
            return;
        }

        if (GivenUsage is not null && !(byText ? !string.IsNullOrEmpty(Assistant) : Message.OfType<AssistantMessage>().Any()))
        {
            WriteInvalidArgument("UsageWithoutAnswer", "Tokens are stored with an answer: give -Assistant, or an assistant message, with -InputTokens and the like.", id);
            return;
        }

        _ = PathOf(Session, Folder); // an unknown session is an error with -WhatIf too; opening it is not for -WhatIf, it may mend the file
        if (!ShouldProcess(id, $"Add a turn of {count} message{(count == 1 ? "" : "s")}"))
        {
            return;
        }

        OpiSession session = OpenWriter(Session, Folder);
        OpiTurn turn = session.AddTurn(byText ? TextMessages(session.Model) : Message, GivenUsage);
        if (turn.CompactionError is { } error)
        {
            WriteError(error.ToErrorRecord());
        }

        WriteObject(turn);
    }

    private List<Message> TextMessages(string? sessionModel)
    {
        var messages = new List<Message>(2);
        if (!string.IsNullOrEmpty(User))
        {
            messages.Add(new UserMessage(User, Now));
        }

        if (!string.IsNullOrEmpty(Assistant))
        {
            (string provider, string model) = ModelName.Split(Model ?? sessionModel);
            messages.Add(new AssistantMessage([new TextContent(Assistant)], provider, model, Now) { StopReason = StopReason ?? Opi.StopReason.Stop });
        }

        return messages;
    }
}
