namespace Opi.PowerShell.Tests;

public sealed class GetOpiContextTests : EngineTest
{
    [Theory]
    [InlineData("Get-OpiContext $s")]
    [InlineData("$s | Get-OpiContext")]
    [InlineData("Get-OpiContext -Id $s.Id -Folder $folder")]
    [InlineData("$s.Path | Get-OpiContext")]
    [InlineData("[pscustomobject]@{ SessionId = $s.Id } | Get-OpiContext")]
    [InlineData("Get-OpiSession -Folder $folder | Get-OpiContext")]
    public void Without_a_compaction_it_is_all_messages(string script)
    {
        NewSession(turns: 2);

        IReadOnlyList<Message> messages = Engine.All<Message>(script);

        Assert.Equal(["question 1", "answer 1", "question 2", "answer 2"], messages.Select(message => message.Text));
    }

    [Fact]
    public void After_a_compaction_it_is_the_summary_then_what_was_kept_then_what_came_later()
    {
        NewSession(turns: 4);
        Engine.Run("$r = $s | Invoke-OpiCompaction -Summarizer { 'in short' }; $null = $s | Add-OpiTurn -User later").WithoutErrors();

        IReadOnlyList<AgentMessage> messages = Engine.All<AgentMessage>("$s | Get-OpiContext");

        Assert.Equal(["in short", "question 4", "answer 4", "later"], messages.Select(message => message.Text));
        Assert.IsType<CompactionSummaryMessage>(messages[0]);
        Assert.Equal(messages.SkipLast(1), Engine.One<OpiCompactionResult>("$r").Messages, new SameText());
    }

    [Fact]
    public void It_is_the_same_after_the_session_was_resumed()
    {
        NewSession(turns: 4);
        Engine.Run("$null = $s | Invoke-OpiCompaction").WithoutErrors();
        IReadOnlyList<AgentMessage> before = Engine.All<AgentMessage>("$s | Get-OpiContext");

        Engine.Run("$s | Close-OpiSession; $r = Resume-OpiSession $s").WithoutErrors();

        Assert.Equal(before, Engine.All<AgentMessage>("$r | Get-OpiContext"), new SameText());
    }

    [Fact]
    public void An_empty_session_has_an_empty_context()
    {
        NewSession();

        Assert.Empty(Engine.Run("$s | Get-OpiContext").WithoutErrors().Output);
    }

    [Fact]
    public void Rows_that_name_their_session_are_taken_by_it_and_not_by_their_own_id()
    {
        NewSession(turns: 1);

        Assert.Equal(2, Engine.All<AgentMessage>("$s | Get-OpiEntry -First 1 | Get-OpiContext").Count);
    }

    [Fact]
    public void Reading_changes_nothing()
    {
        CopyGolden("e02-torn-tail-no-newline", "torn");
        IReadOnlyList<string> before = Snapshot();

        Engine.Run("Get-OpiContext torn -Folder $folder").WithoutErrors();

        Assert.Equal(before, Snapshot());
    }

    private sealed class SameText : IEqualityComparer<AgentMessage>
    {
        public bool Equals(AgentMessage? x, AgentMessage? y) => (x?.Role, x?.Text) == (y?.Role, y?.Text);

        public int GetHashCode(AgentMessage message) => message.Text.GetHashCode(StringComparison.Ordinal);
    }
}
