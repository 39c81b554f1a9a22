using System.Collections;
using System.Management.Automation;
using System.Text.Json;

namespace Opi.PowerShell.Commands;

/// <summary>Persists one turn of a conversation.</summary>
[Cmdlet(VerbsCommon.Add, "OpiTurn", DefaultParameterSetName = "Text", SupportsShouldProcess = true)]
[OutputType(typeof(OpiTurn))]
public sealed class AddOpiTurnCommand : UsageCmdlet
{
    /// <summary>The columns of a row. Another object that comes by the pipe is a reply.</summary>
    private static readonly string[] Columns =
    [
        nameof(User), nameof(Assistant), nameof(Response), nameof(Message), nameof(InputTokens), nameof(OutputTokens), nameof(CacheReadTokens),
        nameof(CacheWriteTokens),
    ];

    private readonly List<JsonElement> _pieces = [];
    private readonly List<Message> _piped = [];
    private readonly HashSet<string> _given = new(StringComparer.OrdinalIgnoreCase);
    private string? _pieceUser;
    private TimeSpan? _pieceRetry;
    private bool _modelIsCallers;

    /// <summary>The session: an open one, an id or a path.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    public SessionReference Session { get; set; } = null!;

    /// <summary>
    /// What comes by the pipe where -Session is named: a reply as for -Response, its pieces, messages, or a row of the other parameters.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    /// <summary>What the user said.</summary>
    [Parameter(ParameterSetName = "Text", Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Response", Position = 1, ValueFromPipelineByPropertyName = true)]
    [TextTransformation(IsOne = true)]
    [AllowEmptyString]
    public string? User { get; set; }

    /// <summary>What the model answered.</summary>
    [Parameter(ParameterSetName = "Text", Position = 2, ValueFromPipelineByPropertyName = true)]
    [TextTransformation(IsOne = true)]
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
    [Name<Provider>(AllowEmpty = true, Lenient = Leniency.Text)]
    public Provider? Provider { get; set; }

    /// <summary>The model that answered, as provider:model.</summary>
    [Parameter(ParameterSetName = "Text", ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Response", ValueFromPipelineByPropertyName = true)]
    [EmptyAsNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Why the model stopped.</summary>
    [Parameter(ParameterSetName = "Text", ValueFromPipelineByPropertyName = true)]
    [Name<StopReason>(AllowEmpty = true, Lenient = Leniency.Objects)]
    public StopReason? StopReason { get; set; }

    /// <summary>When the turn was; now by default. The messages of -Message have their own times, which only the command line changes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [IsoTime(Lenient = true)]
    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>The messages of the turn, in order.</summary>
    [Parameter(ParameterSetName = "Message", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [MessageTransformation]
    [ValidateNotNullOrEmpty]
    public Message[] Message { get; set; } = [];

    /// <summary>The folder in which an id is looked for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>How many seconds to wait for another writer to close the session.</summary>
    [Parameter]
    [Count("number of seconds")]
    [ValidateRange(0, MaxTimeout)]
    public int TimeoutSec { get; set; } = DefaultTimeout;

    /// <summary>A file system that does not lock files is accepted.</summary>
    [Parameter]
    public SwitchParameter NoLock { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _given.UnionWith(MyInvocation.BoundParameters.Keys);
        _modelIsCallers = _given.Contains(nameof(Model)) || _given.Contains(nameof(Session));
        ReadPrices(problem => WriteWarning(problem.Message)); // the turn shows its cost
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(
        () =>
        {
            object? piped = InputObject is { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : InputObject;
            if (piped is null || !_given.Contains(nameof(Session)))
            {
                AddGiven(piped);
            }
            else if (piped is Message message)
            {
                _pieceUser = _piped.Count == 0 ? GivenUser(piped) : _pieceUser;
                _piped.Add(message);
            }
            else if (piped is OpiSession or OpiSessionInfo)
            {
                WriteInvalidArgument(
                    "SessionTwice",
                    "A session came by the pipe, and -Session names one too: it takes the first text without a name. Use -User and -Assistant.",
                    piped);
            }
            else if (IsRow(piped))
            {
                AddRow();
            }
            else
            {
                AddPiped(piped);
            }
        },
        _given.Contains(nameof(Session)) ? InputObject : null);

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(() =>
    {
        AddPieces();
        if (_piped.Count > 0)
        {
            Message[] messages = [.. _piped];
            _piped.Clear();
            AddTurn(WithUser(_pieceUser, messages), isReply: false, GivenTokens);
        }
    });

    /// <summary>Whether an object has columns of a row and is not a reply, to which clients may add members.</summary>
    private bool IsRow(object piped)
    {
        bool isOpis = piped.GetType().Assembly == typeof(Message).Assembly;
        string[] names = piped is IDictionary table ? [.. table.Keys.OfType<string>()]
            : piped is PSObject || isOpis ? [.. PSObject.AsPSObject(piped).Properties.Select(property => property.Name)]
            : [];
        bool hasColumn = names.Any(name => Columns.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (!hasColumn || isOpis || !names.Any(ReplyMembers.Contains))
        {
            return hasColumn;
        }

        try
        {
            return !ProviderReply.IsReply(ReplyObject.Read(piped, Cancellation).Value);
        }
        catch (UnknownReplyException)
        {
            return true; // a row whose cells hold what no reply does
        }
    }

    /// <summary>Adds what the parameters have. A session in the pipeline is one of them.</summary>
    private void AddGiven(object? piped)
    {
        if (piped is PSObject or IDictionary && !_given.Contains(nameof(Session)) && !IsRow(piped) && !HasSession(piped))
        {
            if (ProviderReply.IsReply(ReplyObject.Read(piped, Cancellation).Value))
            {
                WriteInvalidArgument(
                    "SessionMissing", "A reply came by the pipe, and nothing says which session it belongs to: give -Session.", piped);
                return;
            }
        }

        AddRow();
    }

    private static bool HasSession(object piped) =>
        piped is PSObject row ? row.Properties["Session"] is not null || row.Properties["SessionId"] is not null || row.Properties["Path"] is not null
            : piped is IDictionary;

    /// <summary>Adds the turn that the parameters make, from the command line or from a row.</summary>
    private void AddRow()
    {
        string id = Session.ToString();
        if (RefusedColumn() is { } refused)
        {
            WriteInvalidArgument("InvalidColumn", refused, InputObject);
            return;
        }

        if (Response is not null && (!string.IsNullOrEmpty(Assistant) || StopReason is not null))
        {
            WriteInvalidArgument("ReplyAndText", "-Response has the answer and why the model stopped: leave -Assistant and -StopReason out.", id);
            return;
        }

        AddTurn(Messages(), Response is not null, GivenUsage);
    }

    /// <summary>What a row has in a column that the binder skipped, since a reply may have it too; null for nothing.</summary>
    private string? RefusedColumn()
    {
        foreach (string name in (string[])[nameof(Provider), nameof(StopReason), nameof(Timestamp), nameof(Message)])
        {
            object? value = _given.Contains(name) || MyInvocation.BoundParameters.ContainsKey(name) ? null
                : ArgumentText.Unwrap(InputObject?.Properties[name]?.Value);
            if (value is null or "" || InputObject!.BaseObject is not PSCustomObject)
            {
                continue;
            }

            string shown = value is string text ? $"'{text}'" : $"a {TypeText.Of(value.GetType())}";
            return name switch
            {
                nameof(Provider) => $"The row's Provider is {shown}, which is not one of {string.Join(", ", Enum.GetNames<Provider>())}.",
                nameof(Timestamp) => $"The row's Timestamp is {shown}, which is not a time: write it as 2026-11-24 or 2026-11-24T13:45:00Z.",
                nameof(Message) => $"The row's Message is {shown}, not a message as New-OpiMessage and ConvertTo-OpiMessage make it.",
                _ => $"The row's {name} is {shown}, which is not a value of -{name}.",
            };
        }

        return null;
    }

    /// <summary>Adds a reply that came by the pipe, or keeps it until the rest of its pieces are there.</summary>
    private void AddPiped(object piped)
    {
        GivenReply reply = ReplyObject.Read(piped, Cancellation);
        if (ProviderReply.IsPiece(reply.Value, _pieces.Count > 0 ? _pieces[^1] : null))
        {
            if (_pieces.Count == 0)
            {
                _pieceUser = GivenUser(piped);
            }

            _pieces.Add(reply.Value);
            _pieceRetry = reply.RetryAfter ?? _pieceRetry;
            return;
        }

        AddPieces();
        AddReply(reply, GivenUser(piped));
    }

    /// <summary>What came in pieces, as lines or chunks, is one reply.</summary>
    private void AddPieces()
    {
        if (_pieces.Count > 0)
        {
            var whole = new GivenReply(ProviderReply.Join(_pieces), _pieceRetry);
            _pieces.Clear();
            AddReply(whole, _pieceUser);
        }
    }

    private void AddReply(GivenReply reply, string? user)
    {
        Provider? provider = _given.Contains(nameof(Provider)) ? Provider : null;
        IReadOnlyList<Message> answers = reply.Parse(provider, PipedModel, GivenTime);
        AddTurn(WithUser(user, answers), isReply: true, GivenTokens);
    }

    private void AddTurn(IReadOnlyList<Message> messages, bool isReply, Usage? usage)
    {
        string id = Session.ToString();
        if (messages.Count == 0)
        {
            WriteInvalidArgument("EmptyTurn", "A turn needs -User or -Assistant with some text.", id);
            return;
        }

        if (usage is not null && !messages.OfType<AssistantMessage>().Any())
        {
            WriteInvalidArgument(
                "UsageWithoutAnswer",
                "Tokens are stored with an answer: give -Assistant, or an assistant message, with -InputTokens and the like.",
                id);
            return;
        }

        _ = PathOf(Session, Folder); // -WhatIf reports an unknown session too, but does not open it: opening may repair the file
        if (!ShouldProcess(id, $"Add a turn of {messages.Count} message{(messages.Count == 1 ? "" : "s")}"))
        {
            return;
        }

        OpiSession session = OpenWriter(Session, Folder, TimeoutSec, NoLock);
        bool asksSession = isReply && (InputObject is null || Response is not null ? ReplyModel : PipedModel) is null;
        messages = asksSession ? [.. messages.Select(message => ProviderReply.FromSession(message, session.Model))] : messages;
        OpiTurn turn = session.AddTurn(messages, usage, Cancellation);
        WriteObject(turn); // before all else, so that no preference can hide that it was saved
        if (isReply)
        {
            WarnedOnce.Of(session).Warn(this, messages, contentOnly: usage is not null);
        }

        if (turn.CompactionError is { } error)
        {
            WriteWarning(
                $"Session '{session.Id}': turn {turn.Turn} is saved, but the compaction after it failed; CompactionError of the turn has the error. "
                    + error.Text());
        }
        else if (turn is { CompactionReason: CompactionReason.Threshold, Compaction: null } && session.CompactionSuspended)
        {
            WriteWarning(SuspendedWarning(session));
        }
    }

    /// <summary>
    /// The caller's model for a reply. A session in the pipeline has a Model too, which must not replace the model that the reply names.
    /// </summary>
    private string? ReplyModel => _modelIsCallers ? Model : null;

    /// <summary>The caller's model for a reply by the pipe, which has a member of this name itself.</summary>
    private string? PipedModel => _given.Contains(nameof(Model)) ? Model : null;

    private long? GivenTime => _given.Contains(nameof(Timestamp)) ? Timestamp?.ToUnixTimeMilliseconds() : null;

    /// <summary>The tokens on the command line: a reply by the pipe has its own.</summary>
    private Usage? GivenTokens =>
        _given.Overlaps([nameof(InputTokens), nameof(OutputTokens), nameof(CacheReadTokens), nameof(CacheWriteTokens)]) ? GivenUsage : null;

    /// <summary>
    /// The prompt of a reply by the pipe: the caller's, also as a script block that is run for each; not the reply's own member of this name.
    /// </summary>
    private string? GivenUser(object piped) =>
        _given.Contains(nameof(User)) || PSObject.AsPSObject(piped).Properties[nameof(User)] is null ? User : null;

    private List<Message> WithUser(string? user, IEnumerable<Message> messages) =>
        [.. string.IsNullOrEmpty(user) ? Array.Empty<Message>() : [new UserMessage(user, GivenTime ?? Now)], .. messages];

    private IReadOnlyList<Message> Messages()
    {
        if (ParameterSetName == "Message")
        {
            return GivenTime is { } given ? [.. Message.Select(message => message with { TimestampMs = given })] : Message;
        }

        long time = Timestamp?.ToUnixTimeMilliseconds() ?? Now;
        var messages = new List<Message>(2);
        if (!string.IsNullOrEmpty(User))
        {
            messages.Add(new UserMessage(User, time));
        }

        if (Response is not null)
        {
            messages.AddRange(ReplyObject.Read(Response, Cancellation).Parse(Provider, ReplyModel, time));
        }
        else if (!string.IsNullOrEmpty(Assistant))
        {
            // Without a model it is stored with the session's.
            (string provider, string model) = ModelName.Split(Model);
            messages.Add(new AssistantMessage([new TextContent(Assistant)], provider, model, time)
            {
                StopReason = StopReason ?? Opi.StopReason.Stop,
            });
        }

        return messages;
    }
}
