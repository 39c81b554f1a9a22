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

    [Fact]
    public void The_rules_that_it_is_compared_with_have_the_faults_that_it_mends()
    {
        RunFigures[] others = [.. Runs.Others(Turns)];
        Assert.Equal(["opi", "pi"], others.Select(figures => figures.Rule));
        Assert.InRange(others[0].Orphans, 1, int.MaxValue);
        Assert.All(others, figures => Assert.InRange(figures.Compactions, 3, Turns));
    }
}
