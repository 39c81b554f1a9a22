namespace Opi.Tests;

/// <summary>A turn begins with a user's prompt: one meaning in a turn's number, in the session, in a list, and in the costs.</summary>
public class TurnCountTests
{
    [Fact]
    public void Results_and_answers_that_are_added_later_go_on_with_the_turn()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        Assert.Equal(0, session.AddTurn([Make.Assistant("hello", new Usage(1, 1))]).Turn);
        Assert.Equal(1, session.AddTurn([Make.User("a"), Make.Calls("c")]).Turn);
        Assert.Equal(1, session.AddTurn([Make.Result("c"), Make.Assistant("done", new Usage(1, 1))]).Turn);
        Assert.Equal(2, session.AddTurn([Make.User("b"), Make.Assistant("c")]).Turn);
        Assert.Equal(2, session.AddTurn([Make.Assistant("c too")]).Turn);
        AssertSame(session, folder, turns: 2);
    }

    [Fact]
    public void Numbers_go_on_behind_those_of_other_branches()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        string first = session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(1, 1))]).EntryIds[^1];
        Assert.Equal(2, session.AddTurn([Make.User("c"), Make.Assistant("d", new Usage(1, 1))]).Turn);
        session.SwitchBranch(first);
        Assert.Equal(3, session.AddTurn([Make.User("e"), Make.Assistant("f", new Usage(1, 1))]).Turn);
        AssertSame(session, folder, turns: 3);
        using OpiSession again = OpiSession.Resume(session.Path, Make.Options());
        Assert.Equal(4, again.AddTurn([Make.User("g"), Make.Assistant("h", new Usage(1, 1))]).Turn);
    }

    /// <summary>After a resume, in a list by lines and by index, and as the last row of the costs.</summary>
    private static void AssertSame(OpiSession session, TempFolder folder, int turns)
    {
        Assert.Equal(turns, session.Turns);
        CumulativeUsage usage = session.Usage;
        bool branched = SharedText.ReadAllText(session.Path).Contains("\"type\":\"leaf\"", StringComparison.Ordinal);
        session.Close();
        Assert.Equal(turns, OpiSessionInfo.Read(session.Path).Turns);
        Assert.Equal(turns, SessionCosts.Rows(folder.Path, CostGrouping.Turn).Max(row => ((OpiTurnCost)row).Turn));
        using (OpiSession again = OpiSession.Resume(session.Path, Make.Options()))
        {
            Assert.Equal(turns, again.Turns);
            Assert.Equal(branched ? again.Usage : usage, again.Usage); // the tokens of an opened session are those of its branch
            again.Update(new SessionUpdate { Name = "named" });
        }

        OpiSessionInfo named = OpiSessionInfo.Read(session.Path);
        Assert.Equal(("named", turns), (named.Name, named.Turns));
    }
}
