using Opi.Benchmarks;

namespace Opi.Tests;

public sealed class CorpusTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(23)]
    public void A_generated_corpus_gives_what_its_generator_counted_by_model_session_and_day(int seed)
    {
        using var folder = new TempFolder();
        ClaudeCorpus corpus = ClaudeCorpus.Write(folder.Path, seed, length: 4_000_000, sessions: 25);

        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, folder.Path);

        var sums = new Dictionary<(string, string, string), ClaudeCorpus.Sum>();
        foreach (OpiUsage row in result.Rows)
        {
            var key = (row.Model!, row.SessionId!, row.Timestamp!.Value.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            sums[key] = sums.GetValueOrDefault(key) + new ClaudeCorpus.Sum(row.InputTokens, row.OutputTokens, row.CacheReadTokens, row.CacheWriteTokens, row.CacheWrite1hTokens!.Value);
        }

        Assert.Equal(corpus.Truth.OrderBy(sum => sum.Key), sums.OrderBy(sum => sum.Key));
        Assert.Equal(corpus.Files, result.FileCount);
        Assert.Equal(corpus.BrokenLines, result.Findings.Sum(finding => finding.SkippedLines));
    }
}
