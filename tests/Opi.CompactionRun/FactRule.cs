namespace Opi.CompactionRun;

/// <summary>A rule by which a context is compacted, with one figure that says how much it leaves.</summary>
/// <param name="Name">As the table names it.</param>
/// <param name="AsksModel">Whether a model makes its summary.</param>
/// <param name="Start">Makes a context for a figure.</param>
/// <param name="Measure">The figure to begin with.</param>
public sealed record FactRule(string Name, bool AsksModel, Func<long, ICompactedContext> Start, long Measure)
{
    private const int Trials = 6;
    private const double Near = 0.02;

    /// <summary>Whether it is one of Opi's own.</summary>
    public bool IsOpis => Name.StartsWith("Opi", StringComparison.Ordinal);

    /// <summary>Runs it, after the figure was found by which it leaves as many tokens as all others.</summary>
    public FactFigures Run(int turns)
    {
        long measure = Measure;
        FactFigures figures = Try(measure, turns);
        for (int trial = 1; trial < Trials && Math.Abs(figures.TokensLeft - FactRules.Tokens) > Near * FactRules.Tokens; trial++)
        {
            measure = Math.Clamp((long)(measure * FactRules.Tokens / figures.TokensLeft), measure / 2, measure * 2);
            figures = Try(measure, turns);
        }

        return figures;
    }

    private FactFigures Try(long measure, int turns)
    {
        ICompactedContext context = Start(measure);
        try
        {
            return FactFigures.Of(Name, FactRules.TurnsOf(turns), context);
        }
        finally
        {
            (context as IDisposable)?.Dispose();
        }
    }
}
