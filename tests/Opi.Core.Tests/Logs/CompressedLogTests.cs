namespace Opi.Tests;

public sealed class CompressedLogTests
{
    private static readonly string Rollouts = Path.Combine(
        Repository.Root, "tests", "data", "agent-homes", "codex-zst", ".codex", "sessions", "2026", "11", "25");

    private static string Compressed => Directory.GetFiles(Rollouts, "*.zst").Order(StringComparer.Ordinal).First();

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Of_a_compressed_log_that_was_cut_off_is_reported_that_it_was(double part)
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(Compressed);
        folder.Write(whole.AsSpan(0, (int)(whole.Length * part)), "rollout.jsonl.zst");

        UsageFinding finding = Assert.Single(Scan.Of(UsageSource.Codex, folder.Path).Findings);

        Assert.Equal(folder.File("rollout.jsonl.zst"), finding.Path);
        Assert.Contains("compressed data that was cut off", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_log_beside_the_same_one_counts_once()
    {
        using var folder = new TempFolder();
        folder.Copy(Compressed, "archived.jsonl.zst");
        folder.Copy(Compressed, "rollout.jsonl.zst");

        Assert.Equal(38659, Scan.Of(UsageSource.Codex, folder.Path).Rows.Sum(row => row.TotalTokens));
    }

    [Fact]
    public void A_file_that_is_named_as_compressed_and_is_not_is_reported()
    {
        using var folder = new TempFolder();
        folder.Write("""{"type":"session_meta"}""", "rollout.jsonl.zst");

        Assert.Contains("damaged", Assert.Single(Scan.Of(UsageSource.Codex, folder.Path).Findings).Reason, StringComparison.Ordinal);
    }
}
