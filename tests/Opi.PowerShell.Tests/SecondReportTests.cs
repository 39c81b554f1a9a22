namespace Opi.PowerShell.Tests;

/// <summary>PowerShell shows the rows of a second report in a script as a list: it has what tells the rows apart.</summary>
public sealed class SecondReportTests : EngineTest
{
    [Theory]
    [InlineData("-By Day", "Day")]
    [InlineData("-By Week", "Week")]
    [InlineData("-By Month", "Month")]
    [InlineData("-By Hour", "Hour")]
    [InlineData("-By Block", "Block", "Ends")]
    [InlineData("-By Project", "Project")]
    [InlineData("-By Source", "Source")]
    [InlineData("-By Machine", "Machine")]
    [InlineData("-By User", "User")]
    [InlineData("-By Model", "Model")]
    [InlineData("-By Session", "SessionId")]
    [InlineData("-By Day, Source, Model", "Day", "Source", "Model")]
    [InlineData("-By Project, Response", "Project", "ResponseId", "Timestamp")]
    [InlineData("-Overview", "Period", "Since", "Source")]
    [InlineData("-Period Day -Budget 5", "Day", "Budget", "OverBudget")]
    [InlineData("-By Day -Total", "Day", "IsTotal")]
    [InlineData("-By Day -SafeForSpreadsheet", "Day")]
    public void Rows_of_costs(string parameters, params string[] expected) => AssertShows($"Get-OpiCost -Source ClaudeCode -LogPath $log {parameters}", expected);

    [Theory]
    [InlineData("Get-OpiUsage $log", "SessionId", "Model", "Timestamp")]
    [InlineData("Get-OpiWaste -Source ClaudeCode -LogPath $log", "Kind", "Session", "Detail")]
    [InlineData("Get-OpiWaste -Source ClaudeCode -LogPath $log -By Kind, Day", "Kind", "Day")]
    [InlineData("Search-OpiSession done -Source ClaudeCode -LogPath $log", "SessionId", "Line", "EntryId")]
    [InlineData("Get-OpiCost -Folder $folder/s -By Turn", "SessionId", "Turn")]
    [InlineData("Get-OpiSession -Folder $folder/s", "Id")]
    public void Other_rows(string script, params string[] expected) => AssertShows(script, expected);

    /// <summary>The last column of the table of waste is a sentence: it is whole, in lines of whole words.</summary>
    [Theory]
    [InlineData(80, "The pause was 30 min; the\ncache lives for 5 min.")]
    [InlineData(120, "The pause was 30 min; the cache lives for 5 min.")]
    public void What_a_waste_was_is_shown_in_whole_words(int width, string expected)
    {
        Engine.Width = width;
        WriteLog();

        string[] lines = [.. Engine.Show("Get-OpiWaste -Source ClaudeCode -LogPath $log").Split('\n').Select(line => line.TrimEnd())];

        int column = Assert.Single(lines, line => line.StartsWith("Time ", StringComparison.Ordinal)).IndexOf("Detail", StringComparison.Ordinal);
        Assert.Equal(
            expected,
            string.Join('\n', lines.SkipWhile(line => !line.StartsWith("----", StringComparison.Ordinal)).Skip(1)
                .Where(line => line.Length > 0).Select(line => line[column..])));
    }

    private void AssertShows(string script, string[] expected)
    {
        WriteLog();
        Engine.Run("$s = New-OpiSession $model -Path $folder/s; $s | Add-OpiTurn -User q -Assistant a -InputTokens 1; $s | Close-OpiSession").WithoutErrors();

        string text = Engine.Show($"Get-OpiPricing anthropic:claude-sonnet-4-5; {script} -WarningAction Ignore");

        Assert.All(expected, name => Assert.Matches($@"(?m)^{name} +: \S", text));
        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd('\r').Length <= 80, line));
    }

    private void WriteLog()
    {
        string log = Path.Combine(Folder, "log.jsonl");
        DateTime now = DateTime.UtcNow;
        File.WriteAllLines(log, [Line("1", now.AddMinutes(-30), 0, 90_000), Line("2", now, 0, 95_000)]);
        Engine.Set("log", log);
    }

    private static string Line(string id, DateTime time, int read, int written) =>
        $$$"""{"type":"assistant","uuid":"u{{{id}}}","sessionId":"c","cwd":"/a","timestamp":"{{{time:yyyy-MM-dd'T'HH:mm:ss'Z'}}}","requestId":"r{{{id}}}","message":{"id":"msg_{{{id}}}","role":"assistant","model":"claude-sonnet-4","content":[{"type":"text","text":"done {{{id}}}"}],"usage":{"input_tokens":10,"output_tokens":1,"cache_read_input_tokens":{{{read}}},"cache_creation_input_tokens":{{{written}}} } } }""";
}
