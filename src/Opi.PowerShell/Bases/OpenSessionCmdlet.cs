using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that opens a session and leaves it open.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OpenSessionCmdlet : OpiCmdlet
{
    /// <summary>Tokens billed since the last compaction at which the next one is due.</summary>
    [Parameter]
    [Count]
    [ValidateRange(0, long.MaxValue)]
    public long CompactionThreshold { get; set; } = CompactionConfig.DefaultThresholdTokens;

    /// <summary>The tokens that the model's context can have, or Auto: a compaction is due by the size of the context.</summary>
    [Parameter]
    [ContextWindow]
    [ArgumentCompleter(typeof(ContextWindowCompleter))]
    public long? ContextWindow { get; set; }

    /// <summary>The tokens of the window to keep free.</summary>
    [Parameter]
    [Count]
    public long? ReserveTokens { get; set; }

    /// <summary>No compaction is ever due.</summary>
    [Parameter]
    public SwitchParameter NoCompaction { get; set; }

    /// <summary>A turn that makes a compaction due runs it at once.</summary>
    [Parameter]
    public SwitchParameter AutoCompact { get; set; }

    /// <summary>How many tokens of the newest messages a compaction leaves, about.</summary>
    [Parameter]
    [Count]
    [ValidateRange(1, long.MaxValue)]
    public long KeepRecentTokens { get; set; }

    /// <summary>How many of the newest turns a compaction leaves.</summary>
    [Parameter]
    [Count("number of turns")]
    [ValidateRange(1, int.MaxValue)]
    public int KeepRecentTurns { get; set; }

    /// <summary>What makes the summary of a compaction.</summary>
    [Parameter]
    [Name<CompactionStrategy>]
    public CompactionStrategy CompactionStrategy { get; set; } = CompactionStrategy.Digest;

    /// <summary>Makes the summary of a compaction.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Summarizer { get; set; }

    /// <summary>When a turn counts as written.</summary>
    [Parameter]
    [Name<Durability>]
    public Durability Durability { get; set; }

    /// <summary>What is taken out of tool calls and tool details before they are written.</summary>
    [Parameter]
    [Name<Redaction>]
    public Redaction Redact { get; set; }

    /// <summary>A file system that does not lock files is accepted.</summary>
    [Parameter]
    public SwitchParameter NoLock { get; set; }

    /// <summary>The options that these parameters and a model make.</summary>
    private protected SessionOptions OptionsFor(string? model) => new()
    {
        Model = model,
        Compaction = new CompactionConfig(!NoCompaction, CompactionThreshold) { ContextWindow = ContextWindow, ReserveTokens = ReserveTokens },
        AutoCompact = AutoCompact,
        CompactionOptions = CompactionOptionsFor(),
        Durability = Durability,
        Redaction = Redact,
        WithoutLocks = NoLock,
    };

    private CompactionOptions CompactionOptionsFor() => new()
    {
        KeepRecent = KeepRecentTokens > 0 ? KeepRecent.Tokens(KeepRecentTokens)
            : KeepRecentTurns > 0 ? KeepRecent.Turns(KeepRecentTurns)
            : KeepRecent.Quarter,
        Strategy = CompactionStrategy,
        Summarizer = Summarizer is null ? null : new ScriptBlockSummarizer(Summarizer),
    };

    /// <summary>Refuses parameters that contradict each other.</summary>
    protected override void BeginProcessing()
    {
        if (ContextWindow is not null && MyInvocation.BoundParameters.ContainsKey(nameof(CompactionThreshold)))
        {
            ThrowInvalid(
                "TwoTriggers",
                "A compaction is due by -CompactionThreshold, the tokens billed, or by -ContextWindow, the size of the context: give one of them.");
        }

        if (ContextWindow is null && ReserveTokens is not null)
        {
            ThrowInvalid(
                "ReserveWithoutWindow",
                "-ReserveTokens is what is kept free of a context window: give -ContextWindow too, a number of tokens or Auto.");
        }

        if (KeepRecentTokens > 0 && KeepRecentTurns > 0)
        {
            ThrowInvalid("TwoKeepRules", "A compaction leaves so many tokens or so many turns: give -KeepRecentTokens or -KeepRecentTurns.");
        }
    }

    private void ThrowInvalid(string id, string message) =>
        ThrowTerminatingError(new ErrorRecord(new PSArgumentException(message), id, ErrorCategory.InvalidArgument, null));

    /// <summary>Creates a session, with its name and labels where they are given, and puts it out.</summary>
    private protected void CreateSession(string folder, SessionOptions options, string? workingDirectory, string? name, string[] labels)
    {
        OpiSession session = OpiSession.Create(folder, options with
        {
            WorkingDirectory = workingDirectory is null
                ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
                : ResolveFilePath(workingDirectory),
        });
        try
        {
            session.Update(new SessionUpdate { Name = name, AddLabels = labels });
        }
        catch
        {
            session.Dispose(); // nobody gets it
            throw;
        }

        WriteOpened(session);
    }

    /// <summary>Puts out a session that was opened, and keeps note of it.</summary>
    private protected void WriteOpened(OpiSession session)
    {
        OpenSessions.Add(session);
        WriteObject(session);
    }
}
