namespace Opi.PowerShell.Tests;

public sealed class GetOpiUsageTests : EngineTest
{
    [Fact]
    public void Without_a_source_the_answers_of_sessions_are_rows()
    {
        string id = StoredSession(turns: 2);

        IReadOnlyList<OpiUsage> rows = Engine.All<OpiUsage>("Get-OpiUsage -Source Opi -Path $folder");

        Assert.Equal([(id, 100L, 0.00045m), (id, 100, 0.00045m)], rows.Select(row => (row.SessionId!, row.InputTokens, row.Cost!.Value)));
    }

    [Theory]
    [InlineData("Get-OpiUsage -Path $folder")]
    [InlineData("Get-OpiUsage $folder/*.jsonl")]
    [InlineData("Get-OpiUsage -LiteralPath \"$folder/claude.jsonl\"")]
    [InlineData("\"$folder/claude.jsonl\" | Get-OpiUsage")]
    [InlineData("[pscustomobject]@{ Path = \"$folder/claude.jsonl\" } | Get-OpiUsage")]
    [InlineData("Get-OpiUsage -Path $folder -Source ClaudeCode")]
    [InlineData("Get-OpiUsage -Path $folder -Source All")]
    [InlineData("Get-OpiUsage -Path $folder -Model claude-* -Project *repo -Since 2026-10-01 -Until 2026-10-02T00:00:00Z")]
    public void A_file_that_is_named_is_read_as_the_log_that_it_is(string script)
    {
        Write("claude.jsonl", Line("m", 3));

        RunResult result = Engine.Run(script).WithoutErrors();

        Assert.Equal((UsageSource.ClaudeCode, 3), Assert.IsType<OpiUsage>(Assert.Single(result.Output)) is var row ? (row.Source, row.OutputTokens) : default);
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("Get-OpiUsage -Path $folder -Since 2026-10-02")]
    [InlineData("Get-OpiUsage -Path $folder -Until 2026-09-30")]
    [InlineData("Get-OpiUsage -Path $folder -Until 2026-10-01T00:00 -TimeZone UTC")]
    [InlineData("Get-OpiUsage -Path $folder -Model gpt-*")]
    [InlineData("Get-OpiUsage -Path $folder -Source Codex -WarningAction SilentlyContinue")]
    [InlineData("@() | Get-OpiUsage")]
    public void What_is_not_asked_for_is_not_a_row(string script)
    {
        Write("claude.jsonl", Line("m", 3));

        Assert.Empty(Engine.Run(script).WithoutErrors().Output);
    }

    [Fact]
    public void What_could_not_be_read_is_reported_once()
    {
        Write("good.jsonl", Line("m", 3) + "not json\nnot json\n");
        string foreign = Write("foreign.jsonl", "hello\n");

        RunResult result = Engine.Run("Get-OpiUsage -Path $folder -Source ClaudeCode -Verbose").WithoutErrors();

        Assert.Single(result.Output);
        Assert.Equal(
            $"'{foreign}' was not read: it is not a log of ClaudeCode. 2 lines in 1 file could not be read, and any usage in them is not counted. -Verbose names the files.",
            Assert.Single(result.Warnings));
        Assert.Equal(
            [
                $"'{foreign}' was not read: it is not a log of ClaudeCode.",
                $"'{Path.Combine(Folder, "good.jsonl")}': skipped a line that is not JSON (2).",
                "2 files, 1 response.",
                $"The prices are of {PricingCatalog.Default.Date}.",
            ],
            result.Verbose.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Logs_whose_answers_have_no_token_counts_are_not_damaged()
    {
        string answer = Line("m", 3).Replace("\"usage\"", "\"other\"", StringComparison.Ordinal);
        Write("a.jsonl", answer);

        Assert.Equal("1 log has no token counts, and what it used is not counted. -Verbose names the files.", Warning());

        Write("b.jsonl", answer + answer + "not json\n");
        Assert.Equal(
            "1 line in 1 file could not be read, and any usage in them is not counted. 2 logs have no token counts, and what they used is not counted."
                + " -Verbose names the files.",
            Warning());

        string Warning() => Assert.Single(Engine.Run("Get-OpiUsage -Path $folder -Source ClaudeCode").WithoutErrors().Warnings);
    }

    [Fact]
    public void Models_without_a_price_are_reported_once_with_their_number()
    {
        Write("claude.jsonl", Line("m", 3, "nobodys-1") + Line("n", 3, "nobodys-1") + Line("o", 3));

        RunResult result = Engine.Run("Get-OpiUsage -Path $folder").WithoutErrors();

        Assert.Equal([true, false, false], result.Output.Cast<OpiUsage>().Select(row => row.Cost is not null).OrderDescending());
        string warning = Assert.Single(result.Warnings);
        Assert.StartsWith("Not all costs are known. 2 responses have no price: 'nobodys-1'. Set-OpiPricing 'nobodys-1' ", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_is_not_there_is_an_error_and_the_others_are_read()
    {
        Write("claude.jsonl", Line("m", 3));

        RunResult result = Engine.Run("Get-OpiUsage -LiteralPath \"$folder/nothing\", \"$folder/claude.jsonl\"");

        result.Error("PathNotFound,Opi.PowerShell.Commands.GetOpiUsageCommand");
        Assert.Single(result.Output);
    }

    [Fact]
    public void A_time_that_is_none_and_a_source_that_is_none_are_refused()
    {
        Engine.Run("Get-OpiUsage -Since 03/04/2026").BindingError("Since");
        Engine.Run("Get-OpiUsage -Source Cursor").BindingError("Source");
    }

    [Fact]
    public void The_table_shows_what_matters_in_the_readers_culture()
    {
        Write("claude.jsonl", Line("m", 1234));

        using var wide = new Engine(width: 120);
        wide.Set("folder", Folder);
        string shown = wide.Show("Get-OpiUsage -Path $folder", "de-DE");

        Assert.Contains("ClaudeCode", shown, StringComparison.Ordinal);
        Assert.Contains("1.234", shown, StringComparison.Ordinal);
        Assert.Contains("$0,0", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_logs_of_an_agent_are_found_where_its_variable_says()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "one", "projects", "p"));
        Directory.CreateDirectory(Path.Combine(Folder, "two", "projects"));
        Write(Path.Combine("one", "projects", "p", "a.jsonl"), Line("m", 3));
        Write(Path.Combine("two", "projects", "b.jsonl"), Line("n", 4));
        Engine.Run("$before = $env:CLAUDE_CONFIG_DIR; $env:CLAUDE_CONFIG_DIR = \"$folder/one, $folder/two\"").WithoutErrors();

        IReadOnlyList<OpiUsage> rows = Engine.All<OpiUsage>("try { Get-OpiUsage -Source ClaudeCode } finally { $env:CLAUDE_CONFIG_DIR = $before }");

        Assert.Equal([3, 4], rows.Select(row => row.OutputTokens).Order());
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Line(string id, long output, string model = "claude-sonnet-4-5") =>
        $$$"""{"sessionId":"s","cwd":"/repo","type":"assistant","timestamp":"2026-10-01T12:00:00Z","message":{"id":"{{{id}}}","role":"assistant","model":"{{{model}}}","usage":{"input_tokens":1,"output_tokens":{{{output}}} } } }""" + "\n";
}
