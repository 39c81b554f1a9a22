using System.Globalization;

namespace Opi.CompactionRun;

/// <summary>Which of the planted facts a context still had when they were asked for, after each compaction.</summary>
public sealed class FactFigures
{
    private static readonly FactKind[] Kinds = Enum.GetValues<FactKind>();
    private static readonly int[] Ages = [1, 2, 5, 20];

    private readonly Dictionary<FactKind, List<double>> _byKind = Kinds.ToDictionary(kind => kind, _ => new List<double>());
    private readonly Dictionary<int, (long Known, long Asked)> _byAge = [];
    private readonly List<long> _tokens = [];

    private FactFigures(string rule) => Rule = rule;

    /// <summary>The rule, as the table names it.</summary>
    public string Rule { get; }

    /// <summary>How often the context was compacted.</summary>
    public int Compactions => _tokens.Count;

    /// <summary>The tokens that a compaction left, on average.</summary>
    public double TokensLeft => _tokens.Count == 0 ? 0 : _tokens.Average();

    /// <summary>The share of all facts of a kind so far that were known, on average over the compactions.</summary>
    public double Known(FactKind kind) => _byKind[kind].Average();

    /// <summary>The same of the facts that were planted so many compactions ago; 1 is before the last one.</summary>
    public double KnownAfter(int compactions) => _byAge.TryGetValue(compactions, out (long Known, long Asked) age) ? (double)age.Known / age.Asked : 0;

    /// <summary>The average over the kinds, each counting the same.</summary>
    public double Score => Kinds.Average(Known);

    /// <summary>Lets the run go by a context, and asks for all facts so far after each compaction.</summary>
    public static FactFigures Of(string rule, IEnumerable<FactTurn> turns, ICompactedContext context)
    {
        var figures = new FactFigures(rule);
        var planted = new List<(Fact Fact, int Compaction)>();
        foreach (FactTurn turn in turns)
        {
            planted.AddRange(turn.Facts.Select(fact => (fact, figures.Compactions)));
            if (context.Add(turn.Messages))
            {
                IReadOnlyList<AgentMessage> messages = context.Messages;
                figures._tokens.Add(messages.Sum(TokenEstimator.Default.Estimate));
                figures.Ask(planted, FactModel.Known(ContextCheck.TextOf(messages)));
            }
        }

        return figures;
    }

    /// <summary>The line of the table in Markdown.</summary>
    public string ToMarkdown() =>
        string.Create(CultureInfo.InvariantCulture, $"| {Rule} | {Compactions} | {TokensLeft:N0} | {Percent(Score)} |")
            + string.Concat(Kinds.Select(kind => $" {Percent(Known(kind))} |")) + string.Concat(Ages.Select(age => $" {Percent(KnownAfter(age))} |"));

    /// <summary>The head of the table in Markdown.</summary>
    public static string MarkdownHead =>
        $"| rule | compactions | tokens left | all facts |{string.Concat(Kinds.Select(kind => $" {kind.ToString().ToLowerInvariant()}s |"))}"
            + $"{string.Concat(Ages.Select(age => $" after {age} |"))}\n|{string.Concat(Enumerable.Repeat("---|", 4 + Kinds.Length + Ages.Length))}";

    private void Ask(List<(Fact Fact, int Compaction)> planted, HashSet<string> known)
    {
        foreach (IGrouping<FactKind, Fact> kind in planted.Select(fact => fact.Fact).GroupBy(fact => fact.Kind))
        {
            _byKind[kind.Key].Add(kind.Average(fact => known.Contains(fact.Probe) ? 1.0 : 0));
        }

        foreach ((Fact fact, int compaction) in planted)
        {
            int age = Compactions - compaction;
            (long Known, long Asked) before = _byAge.GetValueOrDefault(age);
            _byAge[age] = (before.Known + (known.Contains(fact.Probe) ? 1 : 0), before.Asked + 1);
        }
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:N1} %");
}
