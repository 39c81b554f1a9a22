namespace Opi.PowerShell.Tests;

/// <summary>What a person sees in a window of 80 columns.</summary>
public sealed class FormattingTests : EngineTest
{
    [Fact]
    public void A_session_is_a_list()
    {
        OpiSession session = NewSession(turns: 1);

        string text = Show("$s");

        Assert.Matches($@"Id +: {session.Id}\n", text);
        Assert.Matches(@"State +: Open\n", text);
        Assert.Matches(@"Turns +: 1\n", text);
        Assert.Matches(@"Usage +: 100 in, 10 out", text);
        Assert.Matches(@"CompactionThreshold +: 100,000\n", text);
        Assert.Matches(@"CompactionDue +: False\n", text);
    }

    [Fact]
    public void Stored_sessions_are_a_table()
    {
        string id = StoredSession();

        string[] lines = ShowLines("Get-OpiSession -Folder $folder");

        AssertHeader(lines[0], "Id", "Name", "LastTurn", "Turns", "FirstPrompt");
        Assert.Matches($@"^{id} +\d{{4}}-\d\d-\d\d \d\d:\d\d +1 question 1", lines[2]);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public void Turns_are_a_table_with_their_cost()
    {
        NewSession("-CompactionThreshold 1000");

        string[] lines = ShowLines("""
            $s | Add-OpiTurn -User q -Assistant a -InputTokens 900 -OutputTokens 12
            $s | Add-OpiTurn -User q -Assistant a -InputTokens 1234567 -OutputTokens 89012 -CacheReadTokens 3456789 -CacheWriteTokens 54321
            """);

        AssertHeader(lines[0], "Turn", "Cost", "Input", "Output", "CacheRead", "CacheWrite", "Note");
        Assert.Matches(@"^ +1 +\$0\.00288 +900 +12 +0 +0", lines[2]);
        Assert.Matches(@"^ +2 +\$11\.89 +1,234,567 +89,012 +3,456,789 +54,321 +compaction due", lines[3]);
    }

    [Fact]
    public void Entries_are_a_table_of_one_line_each()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User \"first`nsecond  line\" -Assistant ('long ' * 100)").WithoutErrors();

        string[] lines = ShowLines("$s | Get-OpiEntry");

        AssertHeader(lines[0], "Id", "Timestamp", "Kind", "Text");
        Assert.Equal(4, lines.Length);
        Assert.Matches("^msg-1 .*user .*first second line", lines[2]);
        Assert.Matches("^msg-2 .*assistant .*long long", lines[3]);
    }

    [Fact]
    public void Messages_of_all_kinds_are_one_table()
    {
        NewSession(turns: 4);
        Engine.Run("""
            $null = $s | Invoke-OpiCompaction -Summarizer { 'what was said' }
            $null = Add-OpiTurn $s -Message (New-OpiMessage User q), (New-OpiMessage Assistant -ToolCall @{ Id = 'c'; Name = 'read'; Arguments = @{ path = 'a.txt' } }),
                (New-OpiMessage ToolResult 'content' -ToolCallId c -ToolName read)
            """).WithoutErrors();

        string[] lines = ShowLines("$s | Get-OpiContext");

        AssertHeader(lines[0], "Role", "Text");
        Assert.Matches("^compaction_summary +what was said$", lines[2]);
        Assert.Matches(@"^assistant +\[read \{""path"":""a\.txt""\}\]$", lines[6]);
        Assert.Matches("^tool_result +content$", lines[7]);
    }

    [Fact]
    public void A_compaction_is_a_list()
    {
        NewSession(turns: 4);

        string text = Show("$s | Invoke-OpiCompaction");

        Assert.Matches(@"EntriesCompacted +: 6\n", text);
        Assert.Matches(@"EntriesKept +: 2\n", text);
        Assert.Matches(@"TokensBefore +: 16\n", text);
        Assert.Matches(@"Summary +: Digest of 6 messages", text);
    }

    [Fact]
    public void Costs_are_a_table_with_the_money_in_it()
    {
        OpiSession session = NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1234567 -OutputTokens 89012 -CacheReadTokens 3456789 -CacheWriteTokens 54321").WithoutErrors();

        string[] lines = ShowLines("$s | Get-OpiCost");

        AssertHeader(lines[0], "SessionId", "Cost", "Turns", "Input", "Output", "CacheRead", "CacheWrite");
        Assert.Matches($@"^{session.Id} +\$11\.89 +1 +1,234,567 +89,012 +3,456,789 +54,321", lines[2]);
    }

    [Fact]
    public void Costs_of_turns_are_a_table_with_their_number()
    {
        OpiSession session = NewSession(turns: 2);

        string[] lines = ShowLines("$s | Get-OpiCost -By Turn");

        AssertHeader(lines[0], "SessionId", "Turn", "Cost", "Input", "Output");
        Assert.Matches($@"^{session.Id} +1 +\$0\.00045 +100 +10 +0 +0", lines[2]);
        Assert.Matches($@"^{session.Id} +2 +\$0\.00045 +100 ", lines[3]);
    }

    [Fact]
    public void Prices_are_a_table()
    {
        string[] lines = ShowLines("Get-OpiPricing openai:*");

        AssertHeader(lines[0], "Provider", "Model", "Input", "Output", "CacheRead", "CacheWrite");
        Assert.Contains(lines, line => line.StartsWith("openai", StringComparison.Ordinal) && line.Contains("$0.15", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public void A_cheap_call_shows_all_its_digits_that_count(long tokens)
    {
        NewSession();

        string turns = Show($"$s | Add-OpiTurn -User q -Assistant a -Model openai:gpt-4o-mini -InputTokens {tokens}");
        string costs = Show("$s | Get-OpiCost");

        string money = (tokens * 0.15m / 1_000_000m).ToString("0.########", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("$" + money, turns, StringComparison.Ordinal);
        Assert.Contains("$" + money, costs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-InputTokens 1 -Model openai:gpt-4o-mini")]
    [InlineData("-InputTokens 987654321 -OutputTokens 987654321 -CacheReadTokens 987654321 -CacheWriteTokens 987654321")]
    [InlineData("-InputTokens 9876543210 -OutputTokens 9876543210 -CacheReadTokens 9876543210 -CacheWriteTokens 9876543210 -Model openai:gpt-5.6-luna")]
    public void No_number_loses_its_first_digits(string parameters)
    {
        // Agents read hundreds of millions of tokens from the cache in a week.
        NewSession();

        Assert.DoesNotMatch(@"…[\d.,]", Show($"$s | Add-OpiTurn -User q -Assistant a {parameters}"));
        Assert.DoesNotMatch(@"…[\d.,]", Show("$s | Get-OpiCost"));
        Assert.DoesNotMatch(@"…[\d.,]", Show("$s | Get-OpiCost -By Turn"));
    }

    [Theory]
    [InlineData("-OutputTokens 666666667", "$10,000.00")]
    [InlineData("-InputTokens 0", "$0.00")]
    [InlineData("", "unknown")]
    [InlineData("-Model acme:giant-1 -InputTokens 5", "unknown")]
    public void Money_is_shown_whole(string parameters, string expected)
    {
        NewSession();

        Assert.Matches($@" {System.Text.RegularExpressions.Regex.Escape(expected)}( |\n)", Show($"$s | Add-OpiTurn -User q -Assistant a {parameters}"));
        Assert.Matches($@" {System.Text.RegularExpressions.Regex.Escape(expected)}( |\n)", Show("$s | Get-OpiCost"));
    }

    [Fact]
    public void A_turn_without_an_answer_shows_no_cost()
    {
        NewSession();

        string shown = Show("$s | Add-OpiTurn -User q");

        Assert.Matches(@" 1 +0 +0 +0 +0 *\n", shown);
        Assert.DoesNotContain("unknown", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_shown_as_the_reader_writes_them()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1234567").WithoutErrors();

        Assert.Matches(@" \$7,41 +1 +1\.234\.567 ", Engine.Show("$s | Get-OpiCost", "de-DE"));
    }

    [Fact]
    public void Long_names_do_not_push_the_cost_out_of_the_window()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1000 -Model ('anthropic:claude-sonnet-4-5[' + 'x' * 100 + ']')").WithoutErrors();

        Assert.Contains("$0.0030", Show("$s | Get-OpiCost"), StringComparison.Ordinal);
    }

    private static void AssertHeader(string line, params string[] columns) =>
        Assert.Equal(columns, line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(columns.Contains));

    private string[] ShowLines(string script) => [.. Show(script).Split('\n').Where(line => line.Trim().Length > 0)];

    private string Show(string script)
    {
        string text = Engine.Show(script);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
        return text;
    }
}
