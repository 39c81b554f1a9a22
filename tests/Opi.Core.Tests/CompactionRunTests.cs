using Opi.CompactionRun;

namespace Opi.Tests;

/// <summary>A made-up agent runs and runs, and its context is compacted over and over. docs/compaction.md has the figures of the long run.</summary>
[Trait("Category", "Slow")]
public class CompactionRunTests
{
    private const int Turns = 120;

    public static TheoryData<string> Rules => [.. Runs.OfOpi.Select(run => run.Rule)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_context_is_one_that_all_providers_take_and_that_fits(string rule)
    {
        RunFigures figures = Runs.Opi(rule, Runs.OfOpi.Single(run => run.Rule == rule).Options, Turns);

        Assert.InRange(figures.Compactions, 3, Turns);
        Assert.Empty(figures.Violations);
        Assert.Equal((0, 0), (figures.Orphans, figures.KeptRequestsLost));
        Assert.InRange(figures.LargestContext, Runs.Window - Runs.Reserve, Runs.Window);
        Assert.InRange(figures.FewestKept, 2, int.MaxValue);
    }

    /// <summary>The same facts, at least as many tokens for the others, no model for anybody. docs/compaction.md has the figures of 2,000 turns.</summary>
    [Fact]
    public void A_digest_keeps_more_planted_facts_than_every_other_rule_that_asks_no_model()
    {
        const int factTurns = 320;
        FactFigures digest = FactRules.All.Single(rule => rule.Name == FactRules.Digest).Run(factTurns);
        FactFigures[] others = [.. FactRules.All.Where(rule => !rule.IsOpis && !rule.AsksModel).Select(rule => rule.Run(factTurns))];

        Assert.InRange(digest.Compactions, 3, factTurns);
        Assert.Contains(others, other => other.Rule == "opi");
        Assert.Contains(others, other => other.Rule.StartsWith("pi,", StringComparison.Ordinal));
        Assert.Equal(5, others.Count(other => other.Rule.StartsWith("Agent Framework,", StringComparison.Ordinal)));
        Assert.All(others, other =>
        {
            Assert.InRange(other.TokensLeft, 0.95 * digest.TokensLeft, double.MaxValue);
            Assert.True(digest.Score > other.Score, $"{other.Rule} keeps {other.Score:P1}, the digest {digest.Score:P1}");
            Assert.True(digest.KnownAfter(1) > other.KnownAfter(1), $"{other.Rule} keeps {other.KnownAfter(1):P1} after one, the digest {digest.KnownAfter(1):P1}");
        });
    }

    [Fact]
    public void The_rules_that_it_is_compared_with_have_the_faults_that_it_mends()
    {
        RunFigures[] others = [.. Runs.Others(Turns)];
        Assert.Equal(["opi", "pi"], others.Select(figures => figures.Rule));
        Assert.InRange(others[0].Orphans, 1, int.MaxValue);
        Assert.All(others, figures => Assert.InRange(figures.Compactions, 3, Turns));
    }
}
