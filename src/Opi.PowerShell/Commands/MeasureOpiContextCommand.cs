using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Measures the context of a session.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "OpiContext")]
[OutputType(typeof(OpiContextMeasure))]
public sealed class MeasureOpiContextCommand : SessionCmdlet
{
    /// <summary>The tokens that the model's context can have, or Auto.</summary>
    [Parameter]
    [ContextWindow]
    [ArgumentCompleter(typeof(ContextWindowCompleter))]
    public long? ContextWindow { get; set; }

    /// <summary>The tokens of the window to keep free.</summary>
    [Parameter]
    [Count]
    public long? ReserveTokens { get; set; }

    /// <summary>A policy whose window and reserve count where they are not given here.</summary>
    [Parameter]
    [ValidateNotNull]
    public OpiCompactionPolicy? Compaction { get; set; }

    /// <summary>The system text that is sent with the context.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? System { get; set; }

    /// <summary>The prompt that is to be sent next.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Prompt { get; set; }

    /// <summary>Counts the tokens of a text.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? TokenCounter { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        var options = new MeasureOptions
        {
            Estimator = TokenCounter is null ? TokenEstimator.Default : new TokenEstimator(new ScriptBlockCounter(TokenCounter).Count),
            System = System,
            Prompt = Prompt,
            ContextWindow = ContextWindow ?? Compaction?.ContextWindow,
            ReserveTokens = ReserveTokens ?? Compaction?.ReserveTokens,
        };
        if ((Session.Session ?? OpenSessions.Find(PathOf(Session, Folder))) is { } open)
        {
            WriteObject(open.Measure(options));
        }
        else
        {
            using StoredContext context = OpenContext(Session, Folder);
            WriteObject(OpiContextMeasure.Of(context, options));
        }
    });
}
