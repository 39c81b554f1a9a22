namespace Opi.PowerShell.Tests;

/// <summary>-Model and -Project: several patterns, the same in every cmdlet, and an error where one cannot be read.</summary>
public sealed class FilterParameterTests : EngineTest
{
    public FilterParameterTests()
    {
        (string Model, string Project)[] rows =
        [
            ("claude-sonnet-4-5", "/src/app"), ("claude-opus-4-5", @"C:\src\app"), ("claude-opus-4-6[1m]", "/src/app [old]"),
            ("claude-haiku-4-5", "/src/one, two"),
        ];
        File.WriteAllLines(
            Path.Combine(Folder, "claude.jsonl"), rows.Select((row, i) => ClaudeLog.Line($"m{i}", model: row.Model, project: row.Project)));
        Engine.Set("log", Path.Combine(Folder, "claude.jsonl"));
    }

    [Theory]
    [InlineData("-Model *opus*", 2)]
    [InlineData("-Model *opus*, *sonnet*", 3)]
    [InlineData("-Model '*opus*,*sonnet*'", 3)]
    [InlineData("-Model 'claude-opus-4-5, claude-sonnet-4-5'", 2)]
    [InlineData("-Model anthropic:*", 4)]
    [InlineData("-Model ANTHROPIC:Claude-Haiku-4-5", 1)]
    [InlineData("-Model 'claude-opus-4-6[1m]'", 1)]
    [InlineData("-Model 'claude-opus-4-[56]'", 1)]
    [InlineData("-Model nothing", 0)]
    [InlineData("-Project /src/app", 1)]
    [InlineData("-Project '/src/app/'", 1)]
    [InlineData(@"-Project \src\app", 1)]
    [InlineData("-Project C:/src/app", 1)]
    [InlineData(@"-Project c:\SRC\app\", 1)]
    [InlineData(@"-Project *\app", 2)]
    [InlineData("-Project */app, /src/one*", 3)]
    [InlineData("-Project '/src/app,C:/src/app'", 2)]
    [InlineData("-Project '/src/one, two'", 1)] // a comma in the name
    [InlineData("-Project '/src/one[,] two'", 1)]
    [InlineData("-Project '/src/app [old]'", 1)]
    [InlineData("-Project '/src/app `[old`]'", 1)]
    [InlineData("-Project */app* -Model *opus*", 2)]
    public void Rows_of_any_of_the_patterns_are_taken(string filter, int rows)
    {
        Assert.Equal(rows, Engine.All<OpiUsage>($"Get-OpiUsage $log {filter} -WarningAction SilentlyContinue").Count);
        Assert.Equal(
            rows, Engine.All<OpiCost>($"Get-OpiCost -Source ClaudeCode -LogPath $log -By Response {filter} -WarningAction SilentlyContinue").Count);
        Assert.Equal(rows, Engine.All<OpiCost>($"Get-OpiUsage $log | Get-OpiCost -By Response {filter} -WarningAction SilentlyContinue").Count);
    }

    [Theory]
    [InlineData("'a[b'")]
    [InlineData("'[]'")]
    [InlineData("'x`'")]
    [InlineData("'[z-a]'")]
    [InlineData("'ok', 'a[b'")]
    [InlineData("''")]
    [InlineData("' '")]
    [InlineData("$null")]
    [InlineData("@()")]
    [InlineData("'a', ''")]
    public void What_is_not_a_pattern_is_refused_in_every_cmdlet(string pattern)
    {
        foreach (string command in new[] { "Get-OpiUsage $log", "Get-OpiCost -Source ClaudeCode -LogPath $log", "Export-OpiReport $folder/x.html" })
        {
            Engine.Run($"{command} -Model {pattern}").BindingError("Model");
            Engine.Run($"{command} -Project {pattern}").BindingError("Project");
        }

        Engine.Run($"Get-OpiSession -Folder $folder -Model {pattern}").BindingError("Model");
        Engine.Run($"Get-OpiSession -Folder $folder -Name {pattern}").BindingError("Name");
    }

    [Theory]
    [InlineData("-Model claude-sonnet-4-5", 1)] // the model without its provider, as everywhere
    [InlineData("-Model anthropic:*", 1)]
    [InlineData("-Model gpt*, *sonnet*", 1)]
    [InlineData("-Model gpt*", 0)]
    [InlineData("-Name one, TW*", 1)]
    [InlineData("-Name 'one,two'", 1)]
    [InlineData("-Name three", 0)]
    public void Sessions_are_taken_by_the_same_patterns(string filter, int sessions)
    {
        NewSession(turns: 1);
        Engine.Run("Set-OpiSession $s -Name two").WithoutErrors();

        Assert.Equal(sessions, Engine.All<OpiSessionInfo>($"Get-OpiSession -Folder $folder {filter} -WarningAction SilentlyContinue").Count);
    }

    [Fact]
    public void A_broken_pattern_of_an_id_is_one_clear_error() =>
        Engine.Run("Get-OpiSession 'a[b*' -Folder $folder").Error("InvalidWildcard,Opi.PowerShell.Commands.GetOpiSessionCommand");
}
