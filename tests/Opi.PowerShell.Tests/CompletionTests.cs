using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell.Tests;

public sealed class CompletionTests : EngineTest
{
    [Fact]
    public void Ids_of_sessions_come_newest_first_with_time_model_and_folder()
    {
        string older = StoredSession();
        string newer = StoredSession();
        File.SetLastWriteTimeUtc(PathOf(older), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        IReadOnlyList<CompletionResult> offered = Engine.Complete("Get-OpiEntry -Folder $folder -Session ");

        Assert.Equal([newer, older], offered.Select(result => result.CompletionText));
        Assert.Contains("2026", offered[1].ToolTip, StringComparison.Ordinal);
        Assert.Contains(Sonnet, offered[1].ToolTip, StringComparison.Ordinal);
        Assert.Contains(Engine.One<OpiSession>("$s").WorkingDirectory, offered[1].ToolTip, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Add-OpiTurn")]
    [InlineData("Close-OpiSession")]
    [InlineData("Get-OpiContext")]
    [InlineData("Get-OpiCost")]
    [InlineData("Get-OpiEntry")]
    [InlineData("Get-OpiSession")]
    [InlineData("Invoke-OpiCompaction")]
    [InlineData("Resume-OpiSession")]
    public void Every_cmdlet_that_takes_a_session_completes_it_by_any_of_its_names(string command)
    {
        string id = StoredSession();

        Assert.All(["Session", "Id", "SessionId"], name =>
            Assert.Equal([id], Engine.Complete($"{command} -Folder '{Folder}' -{name} {id[..4]}").Select(result => result.CompletionText)));
    }

    [Fact]
    public void What_was_typed_narrows_the_ids()
    {
        StoredSession();

        Assert.DoesNotContain(Engine.Complete("Get-OpiEntry -Folder $folder -Session zzz"), result => result.ToolTip.Contains(Sonnet, StringComparison.Ordinal));
    }

    [Fact]
    public void An_id_with_a_blank_is_quoted()
    {
        File.Move(PathOf(StoredSession()), PathOf("my session"));

        Assert.Equal("'my session'", Assert.Single(Engine.Complete("Get-OpiEntry -Folder $folder -Session my")).CompletionText);
    }

    [Fact]
    public void An_id_with_a_quote_is_quoted_so_that_it_can_be_run()
    {
        File.Move(PathOf(StoredSession()), PathOf("it's mine"));

        string text = Assert.Single(Engine.Complete("Get-OpiSession -Folder $folder -Session it")).CompletionText;

        Engine.One<OpiSessionInfo>($"Get-OpiSession -Folder $folder -Session {text}");
    }

    [Fact]
    public void Files_that_are_not_sessions_are_not_offered()
    {
        string id = StoredSession();
        WriteFile("notes", "not a session\n");

        Assert.Equal([id], Engine.Complete("Get-OpiEntry -Folder $folder -Session ").Select(result => result.CompletionText));
    }

    [Fact]
    public void A_relative_folder_is_below_the_location_of_the_shell()
    {
        string id = StoredSession();
        Engine.GoTo(Path.GetDirectoryName(Folder)!);

        Assert.Equal([id], Engine.Complete($"Get-OpiEntry -Folder ./{Path.GetFileName(Folder)} -Session ").Select(result => result.CompletionText));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("'")]
    [InlineData("*[z-")]
    public void Whatever_was_typed_completion_does_not_throw(string word)
    {
        StoredSession();
        CommandAst command = (CommandAst)Parser.ParseInput("x", out _, out _).Find(node => node is CommandAst, searchNestedScriptBlocks: false)!;

        Assert.NotNull(new SessionCompleter().CompleteArgument("Get-OpiEntry", "Session", word, command, new Hashtable { ["Folder"] = Folder }).ToList());
        Assert.NotNull(new SessionCompleter().CompleteArgument("Get-OpiEntry", "Session", word, command, new Hashtable { ["Folder"] = "/no/such\0folder" }).ToList());
        Assert.NotNull(new ModelCompleter().CompleteArgument("New-OpiSession", "Model", word, command, new Hashtable()).ToList());
    }

    [Theory]
    [InlineData("New-OpiSession -Model sonnet", "anthropic:claude-sonnet-5-5")]
    [InlineData("New-OpiSession -Model openai:gpt-4.1-m", "openai:gpt-4.1-mini")]
    [InlineData("Resume-OpiSession x -Model 'opus", "anthropic:claude-opus-5-5")]
    [InlineData("Add-OpiTurn x -Model HAIKU", "anthropic:claude-haiku-5-5")]
    [InlineData("New-OpiMessage Assistant hi -Model mistral:mistral-l", "mistral:mistral-large-latest")]
    [InlineData("Get-OpiPricing google:gemini-2.5-flash", "google:gemini-2.5-flash-tts")]
    public void Models_are_found_by_any_part_of_their_name_with_the_price_as_tooltip(string line, string expected)
    {
        CompletionResult offered = Engine.Complete(line)[0];

        Assert.Equal(expected, offered.CompletionText.Trim('\''));
        Assert.Contains("$", offered.ToolTip, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-OpiCost -By ", "Block", "Day", "Hour", "Machine", "Model", "Month", "Project", "Response", "Session", "Source", "Turn", "User", "Week")]
    [InlineData("Invoke-OpiCompaction x -Reason ", "Manual", "Overflow", "Threshold")]
    [InlineData("New-OpiMessage ", "Assistant", "ToolResult", "User")]
    [InlineData("New-OpiSession -Durability ", "Buffered", "Flush")]
    public void Values_of_lists_are_offered(string line, params string[] expected)
    {
        Assert.Equal(expected, Engine.Complete(line).Select(result => result.CompletionText).Order());
    }
}
