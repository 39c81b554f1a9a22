using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;

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

    [Theory]
    [InlineData("Anthropic", "messages")]
    [InlineData("openaichat", "messages")]
    [InlineData("OpenAIResponses", "input")]
    [InlineData("Gemini", "contents")]
    [InlineData("Bedrock", "messages")]
    [InlineData("Ollama", "messages")]
    public void As_a_request_it_is_one_table_whose_lists_stay_lists(string provider, string list)
    {
        NewSession();

        var request = Engine.One<OrderedDictionary>($"$s | Get-OpiContext -As {provider} -Prompt hello");

        Assert.IsType<OrderedDictionary>(Assert.Single(Assert.IsType<object[]>(request[list])));
        Assert.True(Engine.One<bool>($"$r = $s | Get-OpiContext -As {provider} -Prompt hello; $m = $r.{list}; $body = @{{ list = $m }}; $body.list -is [object[]] -and $r.Count -eq 1"));
    }

    [Fact]
    public void System_text_is_where_the_provider_has_it()
    {
        NewSession(turns: 1);

        Assert.Equal("Be brief.", Engine.One<string>("($s | Get-OpiContext -As Anthropic -System 'Be brief.').system"));
        Assert.Equal("Be brief.", Engine.One<string>("($s | Get-OpiContext -As OpenAIChat -System 'Be brief.').messages[0].content"));
        Assert.Equal("Be brief.", Engine.One<string>("($s | Get-OpiContext -As OpenAIResponses -System 'Be brief.').instructions"));
        Assert.Equal("Be brief.", Engine.One<string>("($s | Get-OpiContext -As Gemini -System 'Be brief.').systemInstruction.parts[0].text"));
        Assert.False(Engine.One<bool>("($s | Get-OpiContext -As Anthropic -System '').Contains('system')"));
    }

    [Theory]
    [InlineData("'next'", "next")]
    [InlineData("(New-OpiMessage User next)", "next")]
    [InlineData("'next', (New-OpiMessage User 'and more')", "next|and more")]
    public void A_prompt_follows_and_is_not_persisted(string prompt, string expected)
    {
        OpiSession session = NewSession(turns: 1);

        string[] sent = [.. Engine.All<string>($"($s | Get-OpiContext -As OpenAIChat -Prompt {prompt}).messages.content")];
        string[] plain = [.. Engine.All<AgentMessage>($"$s | Get-OpiContext -Prompt {prompt}").Select(message => message.Text)];

        Assert.Equal(["question 1", "answer 1", .. expected.Split('|')], sent);
        Assert.Equal(sent, plain);
        Assert.Equal(2, session.EntryCount);
    }

    [Theory]
    [InlineData("-Prompt ''", "Prompt")]
    [InlineData("-Prompt @{ a = 1 }", "Prompt")]
    [InlineData("-As Nobody", "As")]
    public void What_is_not_a_prompt_or_provider_is_refused(string parameters, string parameter)
    {
        NewSession();

        Engine.Run($"$s | Get-OpiContext {parameters}").BindingError(parameter);
    }

    [Theory]
    [InlineData("", "1 tool call has no result and gets one that says so: read (c1).", 3)]
    [InlineData("-Strict", "1 tool call has no result and is left out: read (c1).", 1)]
    public void An_interrupted_call_is_completed_or_left_out_with_a_warning(string parameter, string warning, int count)
    {
        OpiSession session = NewSession();
        Engine.Run("$s | Add-OpiTurn -Message (New-OpiMessage User q), (New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'read' })").WithoutErrors();

        RunResult result = Engine.Run($"$s | Get-OpiContext -As Anthropic {parameter}").WithoutErrors();

        Assert.Equal($"Session '{session.Id}': {warning}", Assert.Single(result.Warnings));
        Assert.Equal(count, Assert.IsType<object[]>(Assert.IsType<OrderedDictionary>(Assert.Single(result.Output))["messages"]).Length);
    }

    [Fact]
    public void Numbers_and_names_of_arguments_stay_what_they_are()
    {
        NewSession();
        Engine.Run("""$s | Add-OpiTurn -Message (New-OpiMessage User q), (New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'f'; Arguments = '{"i":7,"d":1.50,"e":1e300,"big":123456789012345678901,"a":1,"A":2,"n":null,"t":true,"":[]}' }), (New-OpiMessage ToolResult r -ToolCallId c1 -ToolName f)""").WithoutErrors();

        var input = Engine.One<OrderedDictionary>("($s | Get-OpiContext -As Anthropic).messages[1].content[0].input");

        Assert.Equal([7L, 1.50m, 1e300, BigInteger.Parse("123456789012345678901", CultureInfo.InvariantCulture), 1L, 2L, null, true], input.Values.Cast<object?>().SkipLast(1));
        Assert.Equal(["i", "d", "e", "big", "a", "A", "n", "t", ""], input.Keys.Cast<string>());
        Assert.Empty(Assert.IsType<object[]>(input[""]));
    }

    [Fact]
    public void A_request_comes_back_as_the_messages_that_it_was_made_of()
    {
        NewSession(turns: 2);

        foreach (string way in (string[])["$r | ConvertTo-OpiMessage", "$r.messages | ConvertTo-OpiMessage", "ConvertTo-OpiMessage $r.messages", "[pscustomobject]@{ messages = $r.messages } | ConvertTo-OpiMessage -Provider Bedrock"])
        {
            IReadOnlyList<Message> messages = Engine.All<Message>($"$r = $s | Get-OpiContext -As Bedrock; {way}");

            Assert.Equal(["question 1", "answer 1", "question 2", "answer 2"], messages.Select(message => message.Text));
            Assert.Equal("bedrock", ((AssistantMessage)messages[1]).Provider);
        }
    }

    [Fact]
    public void Messages_and_replies_in_one_pipeline_are_kept_apart()
    {
        NewSession();

        IReadOnlyList<Message> messages = Engine.All<Message>("""
            @{ choices = @(@{ message = @{ content = 'one' } }) },
            @{ role = 'user'; content = 'two' }, @{ role = 'assistant'; tool_calls = @(@{ id = 'c1'; function = @{ name = 'read'; arguments = '{}' } }) }, @{ role = 'tool'; tool_call_id = 'c1'; content = 'three' },
            @{ choices = @(@{ message = @{ content = 'four' } }) } | ConvertTo-OpiMessage
            """);

        Assert.Equal(["one", "two", "", "three", "four"], messages.Select(message => message.Text));
        Assert.Equal("read", Assert.IsType<ToolResultMessage>(messages[3]).ToolName);
    }

    [Fact]
    public void What_a_message_has_no_place_for_is_a_warning()
    {
        RunResult result = Engine.Run("@{ system = 'Be brief.'; messages = @(@{ role = 'user'; content = 'q' }) } | ConvertTo-OpiMessage").WithoutErrors();

        Assert.Equal("Left out, because a message has no place for it: system text.", Assert.Single(result.Warnings));
        Assert.IsType<UserMessage>(Assert.Single(result.Output));
    }

    private sealed class SameText : IEqualityComparer<AgentMessage>
    {
        public bool Equals(AgentMessage? x, AgentMessage? y) => (x?.Role, x?.Text) == (y?.Role, y?.Text);

        public int GetHashCode(AgentMessage message) => message.Text.GetHashCode(StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-OpiContext $s", 4)]
    [InlineData("Get-OpiContext $s -As Anthropic", 1)]
    [InlineData("Get-OpiEntry $s -Last 3", 3)]
    [InlineData("Get-OpiEntry $s -Type Message -First 2", 2)]
    [InlineData("Get-OpiBranch $s", 1)]
    public void A_session_that_is_open_here_answers_from_memory(string script, int count)
    {
        OpiSession session = NewSession(turns: 2);
        File.Move(session.Path, session.Path + ".away"); // so that whoever opens the file anew does not find it

        Assert.Equal(count, Engine.Run(script).WithoutErrors().Output.Count);
        File.Move(session.Path + ".away", session.Path);
    }
}
