namespace Opi.Tests;

/// <summary>What is pinned stays word for word, whatever compacts.</summary>
public class PinTests
{
    private const string Rule = "Never touch main.c; ask Zoë first.";

    public static TheoryData<string> Strategies => ["Core", "Digest", "summarizer"];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void It_stays_through_many_compactions_and_every_strategy(string strategy)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("hello"), Make.Assistant("hi")]);
        session.AddTurn([Make.User(Rule), Make.Assistant("ok")]);
        session.Update(new SessionUpdate { Pins = ["msg-3"] });
        for (int i = 0; i < 6; i++)
        {
            Talk(session, 3);
            OpiCompactionResult result = session.Compact(policy: Options(strategy))!;

            Assert.Equal([typeof(CompactionSummaryMessage), typeof(UserMessage)], session.ReadContext().Take(2).Select(message => message.GetType()));
            Assert.Equal(Rule, session.ReadContext()[1].Text);
            Assert.Equal(session.ReadContext(), result.Messages);
            Assert.Equal(result.Messages.Count - 1, result.EntriesKept);
            using SessionReader reader = SessionReader.Open(session.Path);
            Assert.Equal(session.ReadContext(), reader.ReadContextMessages());
        }
    }

    [Fact]
    public void What_compacts_is_not_given_what_stays()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User(Rule), Make.Assistant("ok")]);
        session.Update(new SessionUpdate { Pins = ["msg-1"] });
        Talk(session, 3);

        string summary = session.Compact()!.Summary;

        Assert.DoesNotContain(Rule, summary, StringComparison.Ordinal);
        Assert.DoesNotContain("Original request", summary, StringComparison.Ordinal); // it is the pinned one
        Assert.Contains("- question 2", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_keeps_its_call_and_the_results_beside_it_say_where_they_are()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        string log = ClearToolResultsTests.Log;
        session.AddTurn([Make.User("run"), Make.Calls("a", "b"), Make.Result("b", log), Make.Result("a", "the key is 4711"), Make.Assistant("ok")]);
        session.Update(new SessionUpdate { Pins = ["msg-4"] });
        Talk(session, 3);

        OpiCompactionResult result = session.Compact(policy: new OpiCompactionPolicy { KeepRecent = KeepRecent.Turns(1) })!;

        Assert.Equal([2, 3, 4], result.Messages.Skip(1).Take(3).Select(message => Place(session, message)));
        Assert.Contains("entry msg-3 has all of it", result.Messages[2].Text, StringComparison.Ordinal);
        Assert.Equal("the key is 4711", result.Messages[3].Text);
        foreach (Provider provider in Enum.GetValues<Provider>())
        {
            Assert.Empty(ProviderStub.ProviderRules.ValidateMessages(provider, ProviderRequest.Build(session.ReadContext(), provider).Body));
        }
    }

    [Theory]
    [InlineData("msg-2")] // the call
    [InlineData("msg-5")] // a result that came late
    public void A_call_keeps_its_results_late_ones_too(string pinned)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("run"), Make.Calls("a", "b"), Make.Result("a"), Make.User("and?"), Make.Result("b", "late"), Make.Assistant("ok")]);
        session.Update(new SessionUpdate { Pins = [pinned] });
        Talk(session, 3);

        session.Compact(policy: new OpiCompactionPolicy { KeepRecent = KeepRecent.Turns(1) });

        Assert.Equal(["assistant", "tool_result", "tool_result"], session.ReadContext().Skip(1).Take(3).Select(message => message.Role));
        Assert.DoesNotContain(session.ReadContext(), message => message.Text == "and?");
    }

    [Fact]
    public void What_left_the_context_comes_back_and_an_unpinned_message_leaves_with_the_next_compaction()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        Talk(session, 4);
        session.Compact();
        Assert.DoesNotContain(session.ReadContext(), message => message.Text == "question 2" && message is UserMessage);

        session.Update(new SessionUpdate { Pins = ["msg-3", "msg-1"] });
        Assert.Equal(["question 1", "question 2"], session.ReadContext().Skip(1).Take(2).Select(message => message.Text));
        Assert.Equal(["msg-3", "msg-1"], session.PinnedEntryIds);

        session.Update(new SessionUpdate { Unpins = ["msg-3"] });
        Assert.Equal("question 2", session.ReadContext()[2].Text); // nothing is lost before it was summed up
        Talk(session, 3);
        OpiCompactionResult result = session.Compact()!;
        Assert.Equal("question 1", result.Messages[1].Text);
        Assert.DoesNotContain(result.Messages, message => message is UserMessage && message.Text == "question 2");
        using OpiSession resumed = Reopened(session);
        Assert.Equal(result.Messages, resumed.ReadContext());
        Assert.Equal(["msg-1"], resumed.PinnedEntryIds);
    }

    /// <summary>opi looks for the first message that was kept in its own context, where a carried message is not.</summary>
    [Fact]
    public void The_first_kept_entry_is_never_one_that_opi_does_not_have()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        Talk(session, 2);
        session.Update(new SessionUpdate { Pins = ["msg-1", "msg-2", "msg-3"] });
        Talk(session, 3);
        for (int i = 0; i < 12; i++)
        {
            Talk(session, 1);
            if (i == 6)
            {
                session.Update(new SessionUpdate { Unpins = ["msg-1", "msg-2"] });
            }

            foreach (KeepRecent keep in new[] { KeepRecent.Tokens(1), KeepRecent.Turns(1), KeepRecent.Quarter })
            {
                session.Compact(policy: new OpiCompactionPolicy { KeepRecent = keep });
            }
        }

        using SessionReader reader = SessionReader.Open(session.Path);
        var context = new List<string>(); // as opi makes it: no pins
        foreach (IndexedEntry entry in reader.Entries)
        {
            if (entry.Type == EntryType.Compaction)
            {
                Assert.Contains(entry.TargetId!, context);
                context.RemoveRange(0, context.IndexOf(entry.TargetId!));
            }
            else if (entry.Type == EntryType.Message)
            {
                context.Add(entry.Id);
            }
        }
    }

    [Fact]
    public void In_the_file_it_is_a_line_that_hangs_beside_the_conversation_and_is_not_written_twice()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        Talk(session, 1);
        session.Update(new SessionUpdate { Pins = ["msg-1", "msg-2", "msg-1"], Name = "n" });
        session.Update(new SessionUpdate { Pins = ["msg-1"], Unpins = [] });
        session.Update(new SessionUpdate { Unpins = ["msg-2"] });
        string[] lines = SharedText.ReadAllLines(session.Path);

        Assert.Equal(6, lines.Length);
        Assert.StartsWith("""{"type":"entry_pin","id":"pin-4","parent_id":"msg-2",""", lines[4], StringComparison.Ordinal);
        Assert.EndsWith(""","entry_ids":["msg-1","msg-2"],"action":"add"}""", lines[4], StringComparison.Ordinal);
        Assert.EndsWith(""","entry_ids":["msg-2"],"action":"remove"}""", lines[5], StringComparison.Ordinal);
        Assert.Equal(lines[4], Make.Line(Make.ReadEntry(lines[4])));
        Assert.Equal([true, false], session.ReadEntries([EntryType.Message]).Select(entry => entry.Pinned));
    }

    [Theory]
    [InlineData("msg-99")]
    [InlineData("cmp-9")] // a summary is not a message that was said
    [InlineData("msg-11")] // on a branch that was left
    public void What_is_not_a_message_of_the_conversation_cannot_be_pinned(string id)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        Talk(session, 4);
        session.Compact();
        session.AddTurn([Make.User("aside"), Make.Assistant("gone")]); // msg-11, msg-12
        session.SwitchBranch("cmp-9");
        string before = SharedText.ReadAllText(session.Path);

        var error = Assert.Throws<EntryNotFoundException>(() => session.Update(new SessionUpdate { Pins = ["msg-1", id], Name = "no" }));

        Assert.Contains($"'{id}'", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.NearIds);
        Assert.Equal(before, SharedText.ReadAllText(session.Path));
    }

    [Fact]
    public void A_fork_keeps_pins_and_clearings()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User(Rule), Make.Calls("a"), Make.Result("a", ClearToolResultsTests.Log), Make.Assistant("ok")]);
        session.Update(new SessionUpdate { Pins = ["msg-1"] });
        Talk(session, 4);
        session.Compact(policy: new OpiCompactionPolicy { Strategy = CompactionStrategy.ClearToolResults });
        Talk(session, 1);
        IReadOnlyList<AgentMessage> context = session.ReadContext();
        using SessionReader reader = SessionReader.Open(session.Path);

        using SessionReader fork = SessionReader.Open(SessionFork.Create(reader, folder.Path));

        Assert.Equal(context, fork.ReadContextMessages());
        Assert.Contains("has all of it", context[2].Text, StringComparison.Ordinal);
    }

    private static int Place(OpiSession session, AgentMessage message) =>
        session.ReadEntries([EntryType.Message]).TakeWhile(entry => entry.Message!.Role != message.Role || CallOf(entry.Message) != CallOf(message)).Count() + 1;

    private static string CallOf(AgentMessage message) => message switch
    {
        ToolResultMessage result => result.ToolCallId,
        AssistantMessage answer => string.Concat(answer.ToolCalls.Select(call => call.Id)),
        _ => message.Text,
    };

    private static OpiCompactionPolicy Options(string strategy) => strategy == "summarizer"
        ? new OpiCompactionPolicy { Summarizer = new Summarizer((SummaryRequest _) => "in short") }
        : new OpiCompactionPolicy { Strategy = Enum.Parse<CompactionStrategy>(strategy) };

    private static void Talk(OpiSession session, int turns)
    {
        int asked = session.Turns;
        for (int i = 1; i <= turns; i++)
        {
            session.AddTurn([Make.User($"question {asked + i}"), Make.Assistant($"answer {asked + i}")]);
        }
    }

    private static OpiSession Reopened(OpiSession session)
    {
        session.Close();
        return OpiSession.Resume(session.Path, Make.Options());
    }
}
