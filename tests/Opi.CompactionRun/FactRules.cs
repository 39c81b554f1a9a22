using Microsoft.Agents.AI.Compaction;
using Microsoft.Extensions.AI;
using Framework = Microsoft.Agents.AI.Compaction;

namespace Opi.CompactionRun;

/// <summary>The rules whose memory of planted facts is measured, all on the same run and with as many tokens.</summary>
public static class FactRules
{
    /// <summary>The tokens that a compaction leaves on average.</summary>
    public const long Tokens = 20_000;

    /// <summary>The name of the digest that is measured beside the rules of others.</summary>
    public const string Digest = "Opi, Digest";

    private const long Limit = Runs.Window - Runs.Reserve;
    private const int Seed = 20_261_125;

    private static readonly object Gate = new();

    private static List<FactTurn>? _turns;

    /// <summary>All of them, those of others first.</summary>
    public static IReadOnlyList<FactRule> All { get; } =
    [
        new("opi", false, limit => new OpiContext(limit), Limit),
        new("pi, without its model", false, keep => new PiContext(Limit, keep, (_, _) => ""), Tokens),
        new("Agent Framework, Truncation", false, target => Of(Truncation(target)), Tokens),
        new("Agent Framework, SlidingWindow", false, target => Of(new SlidingWindowCompactionStrategy(Always, 1, Below(target))), Tokens),
        new("Agent Framework, ToolResult, then Truncation", false, target => Of(ToolResults(target), Truncation(target)), Tokens),
        new("Agent Framework, ContextWindow", false, window => Of(new ContextWindowCompactionStrategy((int)window, 1)), Tokens * 5 / 4),
        new("Agent Framework, MessageCountingChatReducer", false, count => new AgentFrameworkContext(Limit, new MessageCountingChatReducer((int)count)), 60),
        Opi("Opi, Core", new OpiCompactionPolicy { Strategy = global::Opi.CompactionStrategy.Core }, 0),
        Opi("Opi, Digest of 4,000 tokens", new OpiCompactionPolicy { BudgetTokens = 4_000 }, 4_000),
        Opi(Digest, new OpiCompactionPolicy(), OpiCompactionPolicy.DefaultDigestTokens),
        Opi("Opi, Digest of 15,000 tokens", new OpiCompactionPolicy { BudgetTokens = 15_000 }, 15_000),
        new("pi, with the stand-in", true, keep => new PiContext(Limit, keep, FactModel.Summarize), Tokens),
        new("Agent Framework, Summarization, with the stand-in", true, Summarization, Tokens),
        Opi("Opi, with the stand-in", new OpiCompactionPolicy { Summarizer = new FactSummarizer() }, OpiCompactionPolicy.DefaultBudgetTokens),
    ];

    /// <summary>The run, made once for all rules.</summary>
    public static IReadOnlyList<FactTurn> TurnsOf(int count)
    {
        lock (Gate)
        {
            if (_turns is null || _turns.Count < count)
            {
                _turns = [.. new FactRun(Seed).Turns(count)];
            }

            return _turns[..count];
        }
    }

    private static bool Always(CompactionMessageIndex index) => true;

    private static CompactionTrigger Below(long target) => index => index.IncludedTokenCount <= target;

    private static TruncationCompactionStrategy Truncation(long target) => new(Always, 1, Below(target));

    private static ToolResultCompactionStrategy ToolResults(long target) => new(Always, 2, Below(target));

    private static AgentFrameworkContext Of(params Framework.CompactionStrategy[] strategies) =>
        new(Limit, new PipelineCompactionStrategy(strategies).AsChatReducer());

    private static AgentFrameworkContext Summarization(long target) =>
        Of(new SummarizationCompactionStrategy(new FactChatClient(), Always, 2, null, Below(target)));

    private static FactRule Opi(string name, OpiCompactionPolicy options, long budget) => new(
        name, options.Summarizer is not null, keep => new RealSession(options with { KeepRecent = KeepRecent.Tokens(keep) }), Tokens - budget);
}
