namespace Opi.CompactionRun;

/// <summary>The rules that are compared, all on the same run.</summary>
public static class Runs
{
    /// <summary>Turns of a full run.</summary>
    public const int FullTurns = 2_000;

    /// <summary>The window of the model, in tokens.</summary>
    public const long Window = 100_000;

    /// <summary>What is kept free of it, so that a turn of any size fits.</summary>
    public const long Reserve = 36_000;

    private const int Seed = 20_261_124;

    private static readonly object Gate = new();

    private static IReadOnlyList<AgentTurn>? _turns;

    /// <summary>What Opi can be told to do: each way to cut with each way to summarise.</summary>
    public static IReadOnlyList<(string Rule, OpiCompactionPolicy Options)> OfOpi { get; } =
    [
        .. from keep in new[] { KeepRecent.Quarter, KeepRecent.Tokens(20_000), KeepRecent.Turns(8) }
           from how in new (string Name, OpiCompactionPolicy Options)[]
           {
               ("Core", new OpiCompactionPolicy { Strategy = CompactionStrategy.Core }),
               ("Digest", new OpiCompactionPolicy { Strategy = CompactionStrategy.Digest }),
               ("model", new OpiCompactionPolicy { Summarizer = new StandInSummarizer() }),
           }
           select ($"Opi, {keep}, {how.Name}", how.Options with { KeepRecent = keep }),
    ];

    /// <summary>Runs all, one after the other.</summary>
    public static IEnumerable<RunFigures> All(int turns) => Others(turns).Concat(OfOpi.Select(run => Opi(run.Rule, run.Options, turns)));

    /// <summary>Runs what Opi is compared with.</summary>
    public static IEnumerable<RunFigures> Others(int turns)
    {
        yield return RunFigures.Of("opi", TurnsOf(turns), new OpiContext(Window - Reserve), checkRequests: false);
        yield return RunFigures.Of("pi", TurnsOf(turns), new PiContext(Window - Reserve), checkRequests: false);
    }

    /// <summary>The run, made once for all rules.</summary>
    private static IReadOnlyList<AgentTurn> TurnsOf(int count)
    {
        lock (Gate)
        {
            return _turns?.Count == count ? _turns : _turns = [.. new AgentRun(Seed).Turns(count)];
        }
    }

    /// <summary>Runs one of <see cref="OfOpi"/> as a real session in a folder of its own.</summary>
    public static RunFigures Opi(string rule, OpiCompactionPolicy options, int turns)
    {
        string folder = Directory.CreateTempSubdirectory("opi-compaction-").FullName;
        try
        {
            using var session = new RealSession(folder, options);
            return RunFigures.Of(rule, TurnsOf(turns), session, checkRequests: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
