using Shell = System.Management.Automation.PowerShell;

namespace Opi.PowerShell.Tests;

[Trait("Category", "Slow")]
public sealed class ConcurrencyTests : EngineTest
{
    [Fact]
    public async Task Two_runspaces_add_turns_to_one_session_object()
    {
        OpiSession session = NewSession("-Durability Buffered");

        await Task.WhenAll(AddTurns("a"), AddTurns("b"));

        Assert.Equal((200, 400, 20_000), (session.Turns, session.EntryCount, session.Usage.InputTokens));
        IReadOnlyList<OpiEntry> entries = Engine.All<OpiEntry>("$s | Get-OpiEntry");
        Assert.Equal(400, entries.Select(entry => entry.Id).Distinct().Count());
        Assert.Equal(entries.SkipLast(1).Select(entry => entry.Id), entries.Skip(1).Select(entry => entry.ParentId));
        Assert.All(entries.Chunk(2), turn => Assert.Equal((turn[0].Text, "user", "assistant"), (turn[1].Text, turn[0].Role, turn[1].Role)));

        Task AddTurns(string name) => Task.Run(() =>
        {
            using var engine = new Engine();
            engine.Set("shared", session);
            engine.Run($"1..100 | ForEach-Object {{ $null = $shared | Add-OpiTurn -User \"{name} $_\" -Assistant \"{name} $_\" -InputTokens 100 }}").WithoutErrors();
        });
    }

    [Fact]
    public void A_session_opened_in_one_runspace_is_found_by_its_id_in_another()
    {
        OpiSession session = NewSession();
        using var other = new Engine();
        other.Set("id", session.Id);

        other.One<OpiTurn>("Add-OpiTurn $id -User 'from the other one'");

        Assert.Equal(1, session.Turns);
        Assert.Same(session, other.One<OpiSession>("Get-OpiSession -Open | Where-Object Id -eq $id"));
    }

    [Fact]
    public void Closing_a_runspace_leaves_the_session_open()
    {
        OpiSession session;
        using (var other = new Engine())
        {
            other.Set("folder", Folder);
            session = other.One<OpiSession>("New-OpiSession -Path $folder");
        }

        Engine.Set("s", session);
        Engine.One<OpiTurn>("$s | Add-OpiTurn -User 'still open'");
    }

    [Fact]
    public async Task Readers_see_whole_turns_while_a_writer_writes()
    {
        OpiSession session = NewSession("-Durability Buffered");
        Task writer = Task.Run(() =>
        {
            for (int i = 0; i < 300; i++)
            {
                session.AddTurn([new UserMessage("q", 0), new UserMessage("a", 0)]);
            }
        });

        while (!writer.IsCompleted)
        {
            RunResult result = Engine.Run("Get-OpiEntry $s.Path").WithoutErrors();
            Assert.Empty(result.Warnings);
            Assert.Equal(0, result.Output.Count % 2);
        }

        await writer;
        Assert.Equal(600, Engine.All<OpiEntry>("$s | Get-OpiEntry").Count);
    }

    [Fact]
    public void A_stopped_pipeline_closes_the_session_that_it_opened()
    {
        string id = StoredSession();
        using var shell = Shell.Create(Engine.Runspace);
        shell.AddScript($"1..1000 | ForEach-Object {{ [pscustomobject]@{{ Id = '{id}'; User = 'q' }} }} | Add-OpiTurn -Folder $folder | ForEach-Object {{ throw 'enough' }}");

        Assert.Single(RunResult.Of(shell).Errors);

        Assert.Equal(2, Engine.One<OpiSession>($"Resume-OpiSession {id} -Folder $folder").Turns);
    }
}
