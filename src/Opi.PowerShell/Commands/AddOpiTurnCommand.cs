using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Persists one turn of a conversation.</summary>
[Cmdlet(VerbsCommon.Add, "OpiTurn", DefaultParameterSetName = "Text", SupportsShouldProcess = true)]
[OutputType(typeof(OpiTurn))]
public sealed class AddOpiTurnCommand : UsageCmdlet
{
    private bool _modelIsCallers;

    /// <summary>The session: an open one, an id or a path.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    public SessionReference Session { get; set; } = null!;

    /// <summary>What the user said.</summary>
    [Parameter(ParameterSetName = "Text", Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Response", Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? User { get; set; }

    /// <summary>What the model answered.</summary>
    [Parameter(ParameterSetName = "Text", Position = 2, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Assistant { get; set; }

    /// <summary>
    /// The reply as the provider gave it. It is in the set of texts too, without being shown there: the binder looks for the members of a
    /// piped row in the default set first, and would leave a row's reply out in silence.
    /// </summary>
    [Parameter(ParameterSetName = "Text", DontShow = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Response", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ValidateNotNull]
    public object? Response { get; set; }

    /// <summary>Whose shape the reply has.</summary>
    [Parameter(ParameterSetName = "Text", DontShow = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Response", ValueFromPipelineByPropertyName = true)]
    [Name<Provider>(AllowEmpty = true)]
    public Provider? Provider { get; set; }

    /// <summary>The model that answered, as provider:model.</summary>
    [Parameter(ParameterSetName = "Text", ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Response", ValueFromPipelineByPropertyName = true)]
    [EmptyAsNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Why the model stopped.</summary>
    [Parameter(ParameterSetName = "Text", ValueFromPipelineByPropertyName = true)]
    [Name<StopReason>(AllowEmpty = true)]
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
    protected override void BeginProcessing()
    {
        _modelIsCallers = MyInvocation.BoundParameters.ContainsKey(nameof(Model)) || MyInvocation.BoundParameters.ContainsKey(nameof(Session));
        PricesInForce(problem => WriteWarning(problem.Message)); // the turn shows its cost
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(AddTurn);

    private void AddTurn()
    {
        string id = Session.ToString();
        if (IsReply && (!string.IsNullOrEmpty(Assistant) || StopReason is not null))
        {
            WriteInvalidArgument("ReplyAndText", "-Response has the answer and why the model stopped: leave -Assistant and -StopReason out.", id);
            return;
        }

        IReadOnlyList<Message> messages = Messages();
        if (messages.Count == 0)
        {
            WriteInvalidArgument("EmptyTurn", "A turn needs -User or -Assistant with some text.", id);
            return;
        }

        if (GivenUsage is not null && !messages.OfType<AssistantMessage>().Any())
        {
            WriteInvalidArgument(
                "UsageWithoutAnswer",
                "Tokens are stored with an answer: give -Assistant, or an assistant message, with -InputTokens and the like.",
                id);
            return;
        }

        _ = PathOf(Session, Folder); // an unknown session is an error with -WhatIf too; opening it is not for -WhatIf, it may mend the file
        if (!ShouldProcess(id, $"Add a turn of {messages.Count} message{(messages.Count == 1 ? "" : "s")}"))
        {
            return;
        }

        OpiSession session = OpenWriter(Session, Folder);
        messages = IsReply && ReplyModel is null ? [.. messages.Select(message => ProviderReply.FromSession(message, session.Model))] : messages;
        OpiTurn turn = session.AddTurn(messages, GivenUsage);
        if (IsReply && GivenUsage is null)
        {
            ToldOnce.Of(session).Warn(this, messages);
        }

        if (turn.CompactionError is { } error)
        {
            WriteError(error.ToErrorRecord());
        }

        if (turn.CompactionReason is not null && session.CompactionSuspended)
        {
            WriteWarning(SuspendedWarning(session));
        }

        WriteObject(turn);
    }

    private bool IsReply => Response is not null;

    /// <summary>
    /// The caller's model for a reply. A session in the pipeline has a Model too, which is not to hide the one that the reply names.
    /// </summary>
    private string? ReplyModel => _modelIsCallers ? Model : null;

    private IReadOnlyList<Message> Messages()
    {
        if (ParameterSetName == "Message")
        {
            return Message;
        }

        var messages = new List<Message>(2);
        if (!string.IsNullOrEmpty(User))
        {
            messages.Add(new UserMessage(User, Now));
        }

        if (IsReply)
        {
            messages.AddRange(ProviderReply.Parse(ReplyObject.ToElement(Response!), Provider, ReplyModel));
        }
        else if (!string.IsNullOrEmpty(Assistant))
        {
            // Without a model it is stored with the session's.
            (string provider, string model) = ModelName.Split(Model);
            messages.Add(new AssistantMessage([new TextContent(Assistant)], provider, model, Now) { StopReason = StopReason ?? Opi.StopReason.Stop });
        }

        return messages;
    }
}
