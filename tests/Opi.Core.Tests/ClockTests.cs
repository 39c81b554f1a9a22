using System.Globalization;
using System.Text.Json;

namespace Opi.Tests;

/// <summary>What depends on the time depends on the clock that is given, so that it can be tested without waiting.</summary>
public class ClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_session_takes_all_its_times_from_its_clock()
    {
        using var folder = new TempFolder();
        var clock = new ManualTime(Noon);
        using OpiSession session = Make.Session(folder, Make.Options() with { TimeProvider = clock });
        Assert.Equal(Noon, session.CreatedAt);
        Assert.StartsWith(Noon.ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture) + "-", session.Id, StringComparison.Ordinal);

        clock.Now = Noon.AddHours(1);
        session.AddTurn([Make.User("go"), Make.Calls("c")]);
        session.Update(new SessionUpdate { Name = "n" });
        clock.Now = Noon.AddHours(2);
        session.CompleteToolCalls();
        clock.Now = Noon.AddHours(3);
        session.SwitchBranch("msg-1");
        session.AddTurn([Make.Assistant("a", new Usage(1, 1))]);
        clock.Now = Noon.AddHours(4);
        session.Compact();

        Assert.Equal([13, 13, 13, 14, 15, 15, 15, 16, 16], session.ReadEntries().Select(entry => entry.Timestamp!.Value.UtcDateTime.Hour));
        Assert.Equal(
            Noon.AddHours(2).ToUnixTimeMilliseconds(),
            session.ReadEntries().Select(entry => entry.Message).OfType<ToolResultMessage>().Single().TimestampMs);
    }

    [Fact]
    public void The_patience_for_a_session_that_is_open_elsewhere_is_measured_by_the_clock()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        var clock = new ManualTime(Noon, TimeSpan.FromMinutes(10));

        Assert.Throws<SessionLockedException>(
            () => OpiSession.Resume(session.Path, Make.Options() with { LockTimeout = TimeSpan.FromHours(1), TimeProvider = clock }));

        Assert.InRange(clock.Now - Noon, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
    }

    [Fact]
    public void The_patience_for_a_ledger_and_the_times_of_its_rows_are_measured_by_the_clock()
    {
        using var folder = new TempFolder();
        var clock = new ManualTime(Noon, TimeSpan.FromMinutes(10));
        var ledger = new UsageLedger(folder.Path) { TimeProvider = clock };
        OpiUsage row = new() { Key = "k", Source = UsageSource.Codex, Timestamp = Noon, InputTokens = 1, TotalTokens = 1 };
        ledger.Add([row], TimeSpan.Zero);
        Assert.Contains("2026-03-01T12:10:00", File.ReadAllText(ledger.Files().Single()), StringComparison.Ordinal);

        using (FileLock.TryAcquire(folder.File("ledger.lock"), out _))
        {
            Assert.Throws<LedgerLockedException>(() => ledger.Add([row], TimeSpan.FromHours(1)));
        }
    }

    [Fact]
    public void A_fork_and_prices_are_as_old_as_the_clock_says()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a")]);
        using SessionReader reader = SessionReader.Open(session.Path);
        using SessionReader fork = SessionReader.Open(SessionFork.Create(reader, folder.Path, null, new ManualTime(Noon)));
        Assert.Equal(Noon, fork.Header.CreatedAt);

        DateTimeOffset newest = DateTimeOffset.ParseExact(
            PricingCatalog.Default.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        Assert.False(new PricingCatalog(folder.Path, new ManualTime(newest.AddDays(45))).IsOld);
        Assert.True(new PricingCatalog(folder.Path, new ManualTime(newest.AddDays(46))).IsOld);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void A_container_is_named_again_until_it_expires_by_the_clock(int minutes, bool isNamed)
    {
        IReadOnlyList<Message> answer = ProviderReply.Parse(JsonDocument.Parse(
            """{"type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"text","text":"a"}],"container":{"id":"c","expires_at":"2026-03-01T12:00:00Z"},"usage":{"input_tokens":1,"output_tokens":1}}""").RootElement);
        var options = new RequestOptions { TimeProvider = new ManualTime(Noon.AddMinutes(minutes)) };

        ProviderRequest request = ProviderRequest.Build([Make.User("q"), .. answer, Make.User("q")], Provider.Anthropic, options);

        Assert.Equal(isNamed, request.Body.TryGetProperty("container", out _));
    }
}
