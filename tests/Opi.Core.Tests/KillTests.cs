using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi.Tests;

/// <summary>
/// What was acknowledged survives the writer's death. The work is done by tests/Opi.Durability, which writes, is killed, and checks; its
/// command <c>kill --rounds 50</c> is the full run of this.
/// </summary>
[Trait("Category", "Slow")]
public sealed partial class KillTests
{
    // A kill comes by the turns that were written, not by the clock: on a busy machine it only takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Theory]
    [InlineData("--turns 1000 --kills 5 --seed 1")]
    [InlineData("--turns 300 --kills 3 --seed 2 --auto-compact 5000")]
    [InlineData("--turns 1000 --kills 3 --seed 3 --durability Buffered")]
    public async Task A_killed_writer_loses_no_acknowledged_turn(string options)
    {
        string output = await DurabilityProgram.Run(Patience, ["kill", "--rounds", "1", .. options.Split(' ')]);
        Match figures = Figures().Match(output);
        Assert.True(figures.Success, output);
        Assert.NotEqual(0, int.Parse(figures.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"turns acknowledged: ([0-9]+), lost: 0\b")]
    private static partial Regex Figures();
}
