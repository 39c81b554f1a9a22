namespace Opi.Tests;

/// <summary>Old results of tools leave the context, and a line in the place of each says what was there and where it is.</summary>
public class ClearToolResultsTests
{
    private static readonly OpiCompactionPolicy Clear = new() { Strategy = CompactionStrategy.ClearToolResults, KeepRecent = KeepRecent.Turns(1) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_line_says_what_was_there_how_long_and_where_and_a_resumed_session_says_the_same(int version)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options() with { FormatVersion = version });
        Work(session, 3, Log);

        OpiCompactionResult result = session.Compact(policy: Clear)!;

        Assert.Equal(["msg-3", "msg-7"], result.ClearedEntryIds);
        Assert.Equal((SummarySource.None, "", 0, 12), (result.SummarySource, result.Summary, result.EntriesCompacted, result.EntriesKept));
        Assert.InRange(result.TokensAfter, 1, result.TokensBefore / 2);
        IReadOnlyList<AgentMessage> context = session.ReadContext();
        Assert.Equal(context, result.Messages);
        Assert.Equal(
            "[Cleared to make room: 3,999 characters in 400 lines, beginning: line 0000 line 0001 line 0002 line 0003 line 0004 line 0005 "
                + "line 0006 line 0007 line 0008 line 0009 line 0010 line 0011... | The session's entry msg-3 has all of it.]",
            context[2].Text);
        var cleared = Assert.IsType<ToolResultMessage>(context[2]);
        Assert.Equal(("c1", "bash", false), (cleared.ToolCallId, cleared.ToolName, cleared.IsError));
        Assert.Equal(Log, context[10].Text);
        Assert.Equal(Log, session.ReadEntry("msg-3").Message!.Text);

        session.Close();
        using OpiSession resumed = OpiSession.Resume(session.Path, Make.Options());
        Assert.True(resumed.Recovery.IsClean);
        Assert.Equal(context, resumed.ReadContext());
        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.Equal(context, reader.ReadContextMessages());
    }

    [Fact]
    public void In_the_file_it_is_a_line_of_its_own_that_hangs_beside_the_conversation()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        Work(session, 2, Log);
        session.Compact(policy: Clear);
        session.AddTurn([Make.User("next"), Make.Assistant("done")]);
        string[] lines = SharedText.ReadAllLines(session.Path);

        Assert.StartsWith("""{"type":"tool_results_cleared","id":"clear-9","parent_id":"msg-8","timestamp":""", lines[9], StringComparison.Ordinal);
        Assert.EndsWith(""","entry_ids":["msg-3"]}""", lines[9], StringComparison.Ordinal);
        Assert.Contains("""{"type":"message","id":"msg-10","parent_id":"msg-8",""", lines[10], StringComparison.Ordinal); // what comes next hangs on the message
        Assert.Equal(lines[9], Make.Line(Make.ReadEntry(lines[9])));
    }

    [Fact]
    public void What_is_small_recent_pinned_or_not_yet_seen_by_the_model_stays()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Window(10_000));
        session.AddTurn([Make.User("a"), Make.Calls("c1"), Make.Result("c1", new string('x', 300)), Make.Assistant("ok")]); // a line would be no shorter
        session.AddTurn([Make.User("b"), Make.Calls("c2"), Make.Result("c2", Log), Make.Assistant("ok")]);
        session.AddTurn([Make.User("c"), Make.Calls("c3"), Make.Result("c3", Log), Make.Assistant("ok")]);
        session.AddTurn([Make.User("d"), Make.Calls("c4"), Make.Result("c4", Log)]);
        session.Update(new SessionUpdate { Pins = ["msg-7"] });

        Assert.Equal(["msg-11"], session.Compact(CompactionReason.Overflow, Clear)!.ClearedEntryIds);
        var error = Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Overflow, Clear));
        Assert.Contains("no tool's result that could be cleared", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.OversizedEntryId);
        Assert.Null(session.Compact(policy: Clear)); // asked for by hand it is nothing
    }

    [Fact]
    public void After_an_overflow_recent_results_are_cleared_until_half_is_left_but_no_more()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        Work(session, 8, Log);

        OpiCompactionResult result = session.Compact(CompactionReason.Overflow, Clear with { KeepRecent = KeepRecent.Turns(8) })!;

        Assert.InRange(result.ClearedEntryIds.Count, 4, 5);
        Assert.Equal("msg-3", result.ClearedEntryIds[0]);
    }

    [Fact]
    public void A_later_compaction_sees_the_line_and_a_pin_brings_the_result_back()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        Work(session, 3, Log);
        session.Compact(policy: Clear);

        IReadOnlyList<AgentMessage>? seen = null;
        session.Compact(policy: new OpiCompactionPolicy
        {
            KeepRecent = KeepRecent.Turns(2),
            Summarizer = new Summarizer((SummaryRequest request) => $"in short {(seen = request.Messages).Count}"),
        });
        Assert.Contains("entry msg-3 has all of it", seen![2].Text, StringComparison.Ordinal);
        Assert.Contains("entry msg-7 has all of it", session.ReadContext()[3].Text, StringComparison.Ordinal);

        session.Update(new SessionUpdate { Pins = ["msg-7"] });
        Assert.Equal(Log, session.ReadContext()[3].Text);
    }

    [Fact]
    public void A_usage_from_before_it_says_nothing_of_the_context_any_more()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Window(100_000));
        session.AddTurn([Make.User("a"), Make.Calls("c1"), Make.Result("c1", Log), Make.Assistant("ok", new Usage(50_000, 10))]);
        session.AddTurn([Make.User("b"), Make.Assistant("ok", new Usage(60_000, 10))]);
        Assert.Equal(60_010, session.ContextTokens);

        session.Compact(policy: Clear);

        Assert.InRange(session.ContextTokens!.Value, 1, 1_000);
        Assert.Equal(ContextSource.Estimated, session.Measure().Source);
        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.Equal(session.ContextTokens, OpiContextMeasure.Of(reader).Tokens);
    }

    [Fact]
    public void A_full_disk_leaves_the_context_as_it_is()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEnd([Make.User("a"), Make.Calls("c1"), Make.Result("c1", Log), Make.Assistant("ok"), Make.User("b"), Make.Assistant("ok")], Usage.Unknown, 0);
        IReadOnlyList<AgentMessage> before = session.ReadContext();

        session.Dispose(); // nothing can be written any more

        Assert.ThrowsAny<Exception>(() => session.ClearToolResults(CompactionReason.Manual, Clear));
        Assert.Equal(before.Count, session.CompactionEntries.Count);
        Assert.DoesNotContain(session.CompactionEntries, entry => entry.IsCleared);
    }

    [Fact]
    public void Images_and_documents_are_named_by_kind()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        ImageContent image = new(ImageSource.FromBase64(Convert.ToBase64String(new byte[3_000])), "image/png");
        session.AddTurn([Make.User("look"), Make.Calls("c1"), new ToolResultMessage("c1", "shot", [new TextContent("here"), image, image], 3_000), Make.Assistant("ok")]);
        session.AddTurn([Make.User("b"), Make.Assistant("ok")]);

        session.Compact(policy: Clear);

        Assert.Equal(
            "[Cleared to make room: 4 characters in 1 line, 2 times [image: image/png], beginning: here | The session's entry msg-3 has all of it.]",
            session.ReadContext()[2].Text);
    }

    internal static string Log => string.Join('\n', Enumerable.Range(0, 400).Select(i => $"line {i:0000}"));

    private static SessionOptions Window(long tokens) => Make.Options() with { Compaction = new OpiCompactionPolicy { ContextWindow = tokens } };

    private static void Work(OpiSession session, int turns, string result)
    {
        for (int i = 1; i <= turns; i++)
        {
            session.AddTurn([Make.User($"q{i}"), Make.Calls($"c{i}"), Make.Result($"c{i}", result), Make.Assistant($"a{i}")]);
        }
    }
}
