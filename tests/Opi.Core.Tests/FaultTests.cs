using Xunit.Abstractions;

namespace Opi.Tests;

/// <summary>
/// Faults of disks, files and processes: the small size of tests/Opi.Durability's suite, whose full run docs/reliability.md tells of. Parts
/// that cannot run on a machine say so in the output.
/// </summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData("fuzz --rounds 400 --seed 1")]
    [InlineData("torn --size Small --seed 5")]
    [InlineData("suite --minutes 0")]
    public async Task Faults_cost_nothing_that_was_acknowledged(string command) =>
        output.WriteLine(await DurabilityProgram.Run(Patience, command.Split(' ')));
}
