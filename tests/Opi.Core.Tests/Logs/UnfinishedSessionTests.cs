using System.Text;

namespace Opi.Tests;

/// <summary>A process that died while it made a session leaves a file with nothing in it. That must not make every cost of the day unknown.</summary>
public sealed class UnfinishedSessionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", true)]
    [InlineData("{", true)]
    [InlineData("{\"type\":\"session\",\"version\":1,\"id\":\"1a2", true)]
    [InlineData("\0\0\0\0\0\0\0\0", false)] // what a loss of power can leave of a session that was there
    [InlineData("{\"type\":\"session\"\0\0\0\0", false)]
    [InlineData("no session", false)]
    [InlineData("{\"type\":\"session\n{\"type\":\"message\"}\n", false)]
    public void A_file_without_a_whole_line_hides_no_cost(string text, bool isComplete)
    {
        using (OpiSession session = OpiSession.Create(_folder.Path, new SessionOptions { Model = "anthropic:claude-sonnet-4-5" }))
        {
            session.AddTurn(
            [
                new UserMessage("q", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()),
                new AssistantMessage([new TextContent("a")], "anthropic", "claude-sonnet-4-5", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) { Usage = new Usage(1000, 0) },
            ]);
        }

        File.WriteAllBytes(_folder.File("made.jsonl"), Encoding.UTF8.GetBytes(text));

        CostGroup spent = PeriodCost.Of(
            new UsageQuery { Paths = [_folder.Path] }, CostPeriod.Month, TimeZoneInfo.Utc, DateTimeOffset.UtcNow, CancellationToken.None);

        Assert.Equal((0.003m, isComplete), (spent.KnownCost, spent.IsComplete));
        Assert.Equal("made.jsonl", Path.GetFileName(Assert.Single(UsageScan.Run(new UsageQuery { Paths = [_folder.Path] }).Findings).Path));
    }
}
