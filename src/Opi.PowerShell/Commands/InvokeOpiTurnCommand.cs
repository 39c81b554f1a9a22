using System.Collections;
using System.Management.Automation;
using System.Text.Json;

namespace Opi.PowerShell.Commands;

/// <summary>Runs one turn of a conversation with a model, tools and retries among it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "OpiTurn", SupportsShouldProcess = true)]
[OutputType(typeof(OpiTurn))]
public sealed partial class InvokeOpiTurnCommand : SessionCmdlet
{
    private const int MostRetries = 1000;

    private JsonElement? _body;
    private ITurnTools? _tools;

    /// <summary>What is asked: text, or messages as New-OpiMessage makes them. Without it the turn that the session has is taken up.</summary>
    [Parameter(Position = 1)]
    [PromptTransformation]
    [ValidateNotNull]
    public Message[] Prompt { get; set; } = [];

    /// <summary>Sends a request and returns the reply.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public ScriptBlock Send { get; set; } = null!;

    /// <summary>The provider whose request format is used; by default the one of the session's model.</summary>
    [Parameter]
    [Name<Provider>]
    public Provider As { get; set; }

    /// <summary>The text for the system.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? System { get; set; }

    /// <summary>Members of the requests besides the conversation, for example max_tokens and temperature.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Body { get; set; }

    /// <summary>Marks what the provider is to cache.</summary>
    [Parameter]
    public SwitchParameter Cache { get; set; }

    /// <summary>The commands that the model may call: commands, names, paths of scripts, or tables of script blocks.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? Tool { get; set; }

    /// <summary>Schemas that the provider guarantees to keep to.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>The most tokens of a tool's result.</summary>
    [Parameter]
    [Count]
    [ValidateRange(1, int.MaxValue)]
    public int MaxToolResultTokens { get; set; } = new ToolSetOptions().MaxResultTokens;

    /// <summary>How deep a tool's objects are written out.</summary>
    [Parameter]
    [Count("number of levels")]
    [ValidateRange(0, ObjectJson.MaxDepth)]
    public int Depth { get; set; } = new ToolSetOptions().Depth;

    /// <summary>How many requests the turn may have.</summary>
    [Parameter]
    [Count("number of requests")]
    [ValidateRange(1, int.MaxValue)]
    public int MaxRounds { get; set; } = TurnOptions.DefaultMaxRounds;

    /// <summary>How many times a request that failed is sent again.</summary>
    [Parameter]
    [Count("number of retries")]
    [ValidateRange(0, MostRetries)]
    public int RetryCount { get; set; } = 5;

    /// <summary>The longest time between two tries, in seconds.</summary>
    [Parameter]
    [Count("number of seconds")]
    [ValidateRange(0, MaxTimeout)]
    public int RetryMaxDelaySec { get; set; } = 60;

    /// <summary>How long a request may take, in seconds; 0 for as long as it likes.</summary>
    [Parameter]
    [Count("number of seconds")]
    [ValidateRange(0, MaxTimeout)]
    public int TimeoutSec { get; set; }

    /// <summary>Gets the text of the answers as it comes.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? OnText { get; set; }

    /// <summary>Gets each step of the turn.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? OnEvent { get; set; }

    /// <summary>What becomes of tool calls that an ended process left without a result.</summary>
    [Parameter]
    [InterruptedCalls]
    [ArgumentCompleter(typeof(InterruptedCallCompleter))]
    [ValidateNotNull]
    public InterruptedCalls? OnInterrupted { get; set; }

    /// <summary>How a context is compacted that is too long. -Summarizer and -Strategy go before it.</summary>
    [Parameter]
    [ValidateNotNull]
    public OpiCompactionPolicy? Compaction { get; set; }

    /// <summary>Makes the summary where the context is too long.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Summarizer { get; set; }

    /// <summary>What makes the summary where the context is too long.</summary>
    [Parameter]
    [Name<CompactionStrategy>]
    public CompactionStrategy Strategy { get; set; }

    /// <summary>A file system that does not lock files is accepted.</summary>
    [Parameter]
    public SwitchParameter NoLock { get; set; }

    private bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given)
        ? ((SwitchParameter)given).IsPresent
        : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        CheckBudget();
        ReadPrices(problem => WriteWarning(problem.Message)); // the turn shows its cost
        try
        {
            _tools = Tool is null ? null : ToolsOf(Tool);
            _body = Body is null ? null : ObjectJson.ToElement(Body);
        }
        catch (InvalidToolException error)
        {
            Stop(error.ToErrorRecord());
        }
        catch (ArgumentException error)
        {
            RefuseBody($"-Body cannot be made JSON. {error.Message}");
        }

        if (RequestBody.Conversation.FirstOrDefault(name => _body?.Get(name) is not null) is { } known)
        {
            RefuseBody($"-Body has '{known}', which the session's conversation and -System make: leave it out.");
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        if (IsWhatIf)
        {
            ShowRequest();
            return;
        }

        OpiSession session = OpenWriter(Session, Folder, DefaultTimeout, NoLock);
        if (OptionsFor(session.Model, session) is { } options)
        {
            var sender = new ScriptBlockSender(Send, TimeoutSec > 0 ? TimeSpan.FromSeconds(TimeoutSec) : null);
            OpiTurn turn = new TurnLoop(session, sender, options).Run(Prompt, Cancellation);
            WriteObject(turn);
        }
    });

    /// <summary>Shows the request that would be sent first. The session is not opened for writing, which may repair its file.</summary>
    private void ShowRequest()
    {
        OpiSession? open = FindOpen(Session, Folder);
        using StoredContext? stored = open is null ? OpenContext(Session, Folder) : null;
        IEnumerable<AgentMessage> messages = stored?.Entries.Select(entry => entry.Message) ?? open!.ReadContext();
        string id = open?.Id ?? stored!.SessionId;
        string? model = stored is null ? open!.Model : stored.Model;
        if (OptionsFor(model, open) is { } options)
        {
            TurnRequest request = TurnRequest.Of(id, [.. messages, .. Prompt], model, options);
            _ = ShouldProcess(id, $"Send to {request.Model ?? options.Provider.ToString()}: {request.Body.GetRawText()}");
        }
    }

    private TurnOptions? OptionsFor(string? model, OpiSession? session)
    {
        Provider? provider = IsGiven(nameof(As)) ? As : ProviderOf.Model(model);
        if (provider is null)
        {
            WriteInvalidArgument(
                "ModelUnknown", "Neither the session nor -As says whose requests to make: give -As, or a model to the session.", Session.ToString());
            return null;
        }

        return new TurnOptions
        {
            Provider = provider.Value,
            System = System,
            Cache = Cache,
            Body = _body,
            Budget = session is null ? null : BudgetFor(session),
            Tools = _tools,
            MaxRounds = MaxRounds,
            Retry = new RetryRule { Count = RetryCount, MaxDelay = TimeSpan.FromSeconds(RetryMaxDelaySec) },
            Compaction = session is null ? null : CompactionFor(session),
            OnText = OnText is { } text ? delta => Tell(text, delta) : null,
            OnEvent = OnEvent is { } steps ? step => Tell(steps, step) : null,
            OnWarning = WriteWarning,
            OnAnswer = session is null ? null : answer => WarnedOnce.Of(session).Warn(this, [answer]),
        };
    }

    private TurnTools ToolsOf(object[] values)
    {
        InterruptedCalls interrupted = OnInterrupted ?? InterruptedCalls.Unsaid;
        var options = new ToolSetOptions
        {
            Strict = Strict,
            MaxResultTokens = MaxToolResultTokens,
            Depth = Depth,
            Confirm = (name, arguments) => ShouldProcess($"{name} {arguments}", "Run the tool"),
            OnInterrupted = interrupted.Others,
        };
        return new TurnTools(ToolSet.Of(this, values, options), interrupted);
    }

    private void RefuseBody(string why) =>
        ThrowTerminatingError(new ErrorRecord(new PSArgumentException(why), "InvalidBody", ErrorCategory.InvalidArgument, Body));

    /// <summary>The policy of the session, changed by the parameters that were given.</summary>
    private OpiCompactionPolicy CompactionFor(OpiSession session)
    {
        OpiCompactionPolicy policy = Compaction ?? session.Compaction;
        return Summarizer is not null ? policy with { Summarizer = new ScriptBlockSummarizer(Summarizer) }
            : IsGiven(nameof(Strategy)) ? policy with { Summarizer = null, Strategy = Strategy }
            : policy;
    }

    /// <summary>Calls a script block for an event. Its output is discarded.</summary>
    private void Tell(ScriptBlock script, object what)
    {
        try
        {
            ScriptBlockCall.Invoke(script, what, what);
        }
        catch (PipelineStoppedException stopped)
        {
            throw new OperationCanceledException(stopped.Message, stopped, Cancellation);
        }
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
