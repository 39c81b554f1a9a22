namespace Opi.Tests;

/// <summary>Turns are counted once, in whatever order they come.</summary>
public class TurnSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Counts_as_a_set_does(int seed)
    {
        var random = new Random(seed);
        var turns = new TurnSet();
        var expected = new HashSet<long>();
        for (int i = 0; i < 20_000; i++)
        {
            long turn = ((long)random.Next(20) << 32) | (uint)random.Next(1, seed * 200);
            Assert.Equal(expected.Add(turn), turns.Add(turn));
        }
    }

    [Fact]
    public void Turns_in_their_order_take_no_memory_of_their_own()
    {
        var turns = new TurnSet();
        turns.Add((1L << 32) | 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint turn = 2; turn < 100_000; turn++)
        {
            Assert.True(turns.Add((1L << 32) | turn));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }
}
