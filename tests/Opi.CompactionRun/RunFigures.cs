namespace Opi.CompactionRun;

/// <summary>What came of a run under one rule.</summary>
public sealed class RunFigures(string rule)
{
    private const int RecentRequests = 100;

    private readonly List<long> _tailTokens = [];
    private readonly List<int> _tailEntries = [];
    private readonly List<double> _requests = [];
    private readonly List<double> _recent = [];
    private readonly List<double> _files = [];
    private readonly List<double> _errors = [];
    private long _largestSummary;
    private int _turnStarts;

    /// <summary>The rule, as the table names it.</summary>
    public string Rule { get; } = rule;

    /// <summary>How often the context was compacted.</summary>
    public int Compactions => _tailTokens.Count;

    /// <summary>Results parted from their calls, in all compactions.</summary>
    public int Orphans { get; private set; }

    /// <summary>What the rules of providers found in the contexts that were made.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>The most tokens that the context ever had.</summary>
    public long LargestContext { get; private set; }

    /// <summary>The fewest messages that a compaction left.</summary>
    public int FewestKept => _tailEntries.Min();

    /// <summary>Requests of the user that were behind the cut and are not in the context, which must not be.</summary>
    public int KeptRequestsLost { get; private set; }

    /// <summary>Lets an agent run on a context and watches.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="turns">The run.</param>
    /// <param name="context">The context.</param>
    /// <param name="checkRequests">Whether the rules of providers are asked after each compaction.</param>
    public static RunFigures Of(string rule, IEnumerable<AgentTurn> turns, ICompactedContext context, bool checkRequests)
    {
        var figures = new RunFigures(rule);
        var requests = new List<string>();
        var files = new HashSet<string>();
        var errors = new HashSet<string>();
        long size = 0;
        foreach (AgentTurn turn in turns)
        {
            foreach (string mark in turn.Marks)
            {
                if (mark[0] == 'R')
                {
                    requests.Add(mark);
                }
                else
                {
                    (mark[0] == 'E' ? errors : files).Add(mark);
                }
            }

            IReadOnlyList<AgentMessage> before = context.Messages;
            size += turn.Messages.Sum(TokenEstimator.Default.Estimate);
            figures.LargestContext = Math.Max(figures.LargestContext, size);
            if (context.Add(turn.Messages))
            {
                size = context.Messages.Sum(TokenEstimator.Default.Estimate);
                figures.Note([.. before, .. turn.Messages], context.Messages, checkRequests);
                string text = ContextCheck.TextOf(context.Messages);
                figures._requests.Add(ContextCheck.Known(text, requests));
                figures._recent.Add(ContextCheck.Known(text, requests.TakeLast(RecentRequests).ToList()));
                figures._files.Add(ContextCheck.Known(text, files));
                figures._errors.Add(ContextCheck.Known(text, errors));
            }
        }

        return figures;
    }

    /// <summary>The line of the table in Markdown.</summary>
    public string ToMarkdown() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"| {Rule} | {Compactions} | {Orphans} | {FewestKept} | {Median(_tailTokens):N0} | {_tailTokens.Min():N0} | {LargestContext:N0} | {100.0 * _turnStarts / Compactions:N0} % | {_largestSummary:N0} | {Percent(_requests)} | {Percent(_recent)} | {Percent(_files)} | {Percent(_errors)} |");

    /// <summary>The head of the table in Markdown.</summary>
    public static string MarkdownHead =>
        """
        | rule | compactions | orphans | fewest messages kept | tokens kept, median | least | largest context | cut at a turn's start | largest summary | requests known | of the last 100 | files changed known | errors known |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    private static string Percent(List<double> shares) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100 * shares.Average():N0} %");

    private static long Median(List<long> values) => values.Order().ElementAt(values.Count / 2);

    private void Note(IReadOnlyList<AgentMessage> before, IReadOnlyList<AgentMessage> after, bool checkRequests)
    {
        AgentMessage[] tail = [.. after.SkipWhile(message => message is CompactionSummaryMessage)];
        int cut = before.Count - tail.Length;
        Orphans += ContextCheck.Orphans(before, cut);
        _largestSummary = Math.Max(_largestSummary, after.OfType<CompactionSummaryMessage>().Sum(TokenEstimator.Default.Estimate));
        _tailTokens.Add(tail.Sum(TokenEstimator.Default.Estimate));
        _tailEntries.Add(tail.Length);
        _turnStarts += tail[0] is UserMessage ? 1 : 0;
        KeptRequestsLost += before.Skip(cut).OfType<UserMessage>().Select(request => request.Text).Except(tail.OfType<UserMessage>().Select(request => request.Text)).Count();
        if (checkRequests)
        {
            Violations.AddRange(ContextCheck.Violations(after));
        }
    }
}
