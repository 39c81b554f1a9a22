using Xunit.Abstractions;

namespace Opi.Tests;

/// <summary>
/// Faults of disks, files and processes: the small size of each part of tests/Opi.Durability's suite, whose full run is in
/// docs/reliability.md. A part that this machine cannot run is skipped, with the reason.
/// </summary>
[Trait("Category", "Slow")]
public sealed class FaultTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private static readonly string[] Names =
        ["kill", "killat", "turn", "torn", "errors", "fulldisk", "powerloss", "replaced", "fight", "create", "foreign", "locks", "flush", "strange", "group", "index", "ledger", "budget", "fuzz", "datafuzz"];

    public static TheoryData<string> Parts => [.. Names];

    [SkippableTheory]
    [MemberData(nameof(Parts))]
    public async Task Faults_cost_nothing_that_was_acknowledged(string part) =>
        output.WriteLine(await DurabilityProgram.Run(Patience, "part", part, "--size", "Small"));

    [Fact]
    public async Task Every_part_of_the_suite_is_tested_here()
    {
        string all = await DurabilityProgram.Run(Patience, "parts");

        Assert.Equal(all.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Names);
    }
}
