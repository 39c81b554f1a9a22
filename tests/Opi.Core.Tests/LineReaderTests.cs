namespace Opi.Tests;

/// <summary>Files whose lines are longer than any that is wanted.</summary>
public sealed class LineReaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 10)]
    [InlineData(5 << 20)]
    public void A_line_that_is_too_long_is_cut_and_the_next_one_is_whole(int longer)
    {
        const int longest = 1 << 12;
        string text = "first\n" + new string('x', longest + longer) + "\nlast\n" + new string('y', longest + longer);
        using var folder = new TempFolder();
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(folder.Write(text));
        using var lines = new LineReader(file, chunkSize: longest) { LongestLine = longest, CutsLongerLines = true };
        var read = new List<(long At, int Length, bool IsWhole)>();

        while (lines.Next())
        {
            read.Add((lines.Offset, Math.Min(lines.Line.Length, longest), lines.Complete));
        }

        long last = 6 + longest + longer + 1;
        Assert.Equal([(0, 5, true), (6, longest, true), (last, 4, true), (last + 5, longest, false)], read);
        Assert.Equal(text.Length, lines.NextOffset);
    }

    [Fact]
    public void Reading_stops_within_a_line()
    {
        using var folder = new TempFolder();
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(folder.Write(new string('x', 100_000)));
        using var lines = new LineReader(file, chunkSize: 1 << 12) { Cancellation = new CancellationToken(canceled: true) };

        Assert.Throws<OperationCanceledException>(() => lines.Next());
    }
}
