namespace Opi.Tests;

public sealed class NameCountsTests
{
    [Fact]
    public void Names_come_in_ordinal_order_also_after_more_were_added()
    {
        var counts = new NameCounts();
        counts.Add("b");
        counts.Add("a", 3);
        Assert.Equal(["a", "b"], counts.Keys);

        counts.Add("b");
        counts.Add("B");
        counts.Add("");

        Assert.Equal(["", "B", "a", "b"], counts.Keys);
        Assert.Equal([1, 1, 3, 2], counts.Values);
        Assert.Equal(["=1", "B=1", "a=3", "b=2"], counts.Select(pair => $"{pair.Key}={pair.Value}"));
        Assert.Equal(4, counts.Count);
    }

    [Fact]
    public void A_name_that_never_came_up_is_not_there()
    {
        var counts = new NameCounts();
        counts.Add("a");

        Assert.True(counts.ContainsKey("a"));
        Assert.False(counts.ContainsKey("A"));
        Assert.False(counts.TryGetValue("b", out _));
        Assert.Throws<KeyNotFoundException>(() => counts["b"]);
    }
}
