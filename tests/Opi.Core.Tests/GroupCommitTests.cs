namespace Opi.Tests;

/// <summary>Turns of several threads that wait for a session are written together, and each caller gets what became of its own.</summary>
public class GroupCommitTests
{
    private const int Threads = 8;

    [Fact]
    public async Task Turns_that_wait_are_written_with_one_flush_and_stand_one_behind_the_other()
    {
        using var folder = new TempFolder();
        var clock = new HeldClock();
        using OpiSession session = Make.Session(folder, Make.Options() with { TimeProvider = clock, Durability = Durability.Flush });
        OpiTurn[] turns = await AddTogether(session, clock, number => number == 3 ? new Usage(-1, 0) : new Usage(1, number), _ => { });

        Assert.Equal(3, session.Batches); // the turn that was held, all that waited for it, and these again without the one with negative tokens
        Assert.Equal(Enumerable.Range(1, Threads), turns.Select(turn => turn.Turn).Order());
        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.Equal(Enumerable.Range(1, Threads * 2).Select(number => $"msg-{number}"), reader.Entries.Select(entry => entry.Id));
        Assert.Equal([null, .. reader.Entries.SkipLast(1).Select(entry => entry.Id)], reader.Entries.Select(entry => entry.ParentId));
        Assert.Equal(reader.Entries.Select(entry => (entry.Line, entry.Offset)), session.ReadEntries().Select(entry => reader.Entries.Single(known => known.Id == entry.Id)).Select(entry => (entry.Line, entry.Offset)));
        foreach (OpiTurn turn in turns)
        {
            AgentMessage[] messages = [.. turn.EntryIds.Select(id => reader.ReadMessage(reader.Entries.Single(entry => entry.Id == id)))];
            Assert.Equal(messages[1].Text, "to " + messages[0].Text);
            Assert.Equal(turn.OutputTokens, ((AssistantMessage)messages[1]).Usage.OutputTokens);
        }

        Assert.Equal((Threads, Threads), (session.Turns, session.Usage.Turns));
        Assert.Equal(turns.Sum(turn => turn.OutputTokens), session.Usage.OutputTokens);
    }

    [NotOnWindowsFact(NotOnWindowsFactAttribute.SharesNoWriting)]
    public async Task When_the_write_fails_none_is_there_and_each_caller_is_told()
    {
        using var folder = new TempFolder();
        var clock = new HeldClock();
        using OpiSession session = Make.Session(folder, Make.Options() with { TimeProvider = clock });
        long length = new FileInfo(session.Path).Length;
        string other = Make.UserLine("msg-99", null, "by somebody else") + "\n";
        OpiTurn[] turns = await AddTogether(session, clock, _ => new Usage(1, 1), _ => File.AppendAllText(session.Path, other), failures: Threads + 1);

        Assert.Empty(turns);
        Assert.Equal(0, session.EntryCount);
        Assert.Equal(length + other.Length, new FileInfo(session.Path).Length);
    }

    [Fact]
    public async Task A_session_that_is_closed_meanwhile_refuses_those_that_wait()
    {
        using var folder = new TempFolder();
        var clock = new HeldClock();
        using OpiSession session = Make.Session(folder, Make.Options() with { TimeProvider = clock });
        Task? closing = null;
        OpiTurn[] turns = await AddTogether(session, clock, _ => new Usage(1, 1), _ => closing = Task.Run(session.Close), failures: null);
        await closing!;

        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.Equal(turns.Length, reader.Entries.Count(entry => entry.Role == EntryRole.User));
    }

    /// <summary>One turn is held while it has the session; the others wait for it, then all go on.</summary>
    private static async Task<OpiTurn[]> AddTogether(OpiSession session, HeldClock clock, Func<int, Usage> usage, Action<OpiSession> meanwhile, int? failures = 1)
    {
        clock.Hold();
        var adding = new List<Task<OpiTurn?>> { Start(0) };
        try
        {
            // The others only then: a turn that waits before the first has the session is written with it.
            Assert.True(SpinWait.SpinUntil(() => clock.Holds, TimeSpan.FromSeconds(30)));
            adding.AddRange(Enumerable.Range(1, Threads).Select(Start));
            Assert.True(SpinWait.SpinUntil(() => session.TurnsWaiting == Threads, TimeSpan.FromSeconds(30)));
            meanwhile(session);
        }
        finally
        {
            clock.Release(); // whatever failed: the session cannot be closed while a turn is held
        }

        OpiTurn?[] turns = await Task.WhenAll(adding);
        Assert.Equal(failures ?? turns.Count(turn => turn is null), turns.Count(turn => turn is null));
        return [.. turns.OfType<OpiTurn>()];

        Task<OpiTurn?> Start(int number) => Task.Factory.StartNew(
            () => Add(session, number, usage(number)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static OpiTurn? Add(OpiSession session, int number, Usage usage)
    {
        try
        {
            return session.AddTurn([Make.User($"{number}"), Make.Assistant($"to {number}", usage)]);
        }
        catch (OpiException error) when (error is InvalidEntryException or SessionWriteException or SessionClosedException)
        {
            return null;
        }
    }

    /// <summary>A clock that can keep whoever asks it waiting: a turn asks it while it has the session.</summary>
    private sealed class HeldClock : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _open = new(true);

        public bool Holds { get; private set; }

        public void Hold() => _open.Reset();

        public void Release() => _open.Set();

        public void Dispose() => _open.Dispose();

        public override DateTimeOffset GetUtcNow()
        {
            Holds = !_open.IsSet;
            _open.Wait();
            return DateTimeOffset.UnixEpoch;
        }
    }
}
