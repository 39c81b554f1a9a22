namespace Opi.PowerShell.Tests;

/// <summary>A call runs a command that was given, with values and never with script; whatever happens is its result.</summary>
public sealed class ToolRunTests : EngineTest
{
    public ToolRunTests()
    {
        Engine.Set("assembly", typeof(InvokeTestToolsCommand).Assembly);
        Engine.Run("Import-Module -Assembly $assembly").WithoutErrors();
    }

    [Theory]
    [InlineData("param([int]$a) $a + 1", """{"a":2}""", "3")]
    [InlineData("param($a) $a", """{"a":"$(1 + 1); `n $env:HOME"}""", "$(1 + 1); `n $env:HOME")]
    [InlineData("param([string]$a) $a.Length", """{"a":"'; Remove-Item x; '"}""", "19")]
    [InlineData("param([switch]$a) $a.IsPresent", """{"a":"true"}""", "true")]
    [InlineData("param([bool]$a) $a", """{"a":false}""", "false")]
    [InlineData("param([string[]]$a) $a.Count", """{"a":["x","y"]}""", "2")]
    [InlineData("param([string[]]$a) $a.Count", """{"a":"x"}""", "1")]
    [InlineData("param([hashtable]$a) $a.b.c", """{"a":{"b":{"c":7}}}""", "7")]
    [InlineData("param($a) $a.b[1].c", """{"a":{"b":[1,{"c":7}]}}""", "7")]
    [InlineData("param([System.Collections.Generic.Dictionary[string,int]]$a) $a['x']", """{"a":{"x":"5"}}""", "5")]
    [InlineData("param([System.Collections.Generic.IList[int]]$a) $a.Count", """{"a":[1,"2"]}""", "2")]
    [InlineData("param([System.Collections.Specialized.OrderedDictionary]$a) $a.Keys -join ','", """{"a":{"z":1,"b":2}}""", "z,b")]
    [InlineData("param([datetime]$a) $a.Year", """{"a":"2026-11-25T10:00:00Z"}""", "2026")]
    [InlineData("param([dateonly]$a) $a", """{"a":"2026-11-25"}""", "2026-11-25")]
    [InlineData("param([DayOfWeek]$a) [int]$a", """{"a":"Friday"}""", "5")]
    [InlineData("param([System.IO.FileAttributes]$a) [int]$a", """{"a":["ReadOnly","Hidden"]}""", "3")]
    [InlineData("param([decimal]$a) $a", """{"a":0.1000000000000000000000001}""", "0.1000000000000000000000001")]
    [InlineData("param([Nullable[int]]$a) $null -eq $a", """{"a":null}""", "true")]
    [InlineData("param([int]$a = 5) $a", """{"a":null}""", "5")]
    [InlineData("param([int]$a = 5) $a", "", "5")]
    [InlineData("param([Alias('b')][int]$a) $a", """{"B":6}""", "6")]
    [InlineData("param([version]$a, [guid]$g) $a.Minor", """{"a":"1.2","g":"d3b07384-d113-4ec6-a5d1-0f0a1b2c3d4e"}""", "2")]
    public void Arguments_are_values(string script, string json, string expected)
    {
        ToolResultMessage result = Run(script, json);

        Assert.Equal(expected, result.Text);
        Assert.False(result.IsError);
        Assert.Equal(("c0", "Do-It"), (result.ToolCallId, result.ToolName));
    }

    [Fact]
    public void A_class_is_made_of_an_object()
    {
        Engine.Run("class Inner { [int]$N; [string[]]$L }; class Outer { [Inner]$I; [Inner[]]$Is; [datetime]$D }").WithoutErrors();

        ToolResultMessage result = Run(
            "param([Outer]$o) $o.I.N + $o.Is[1].N; $o.GetType().Name; $o.D.Day", """{"o":{"i":{"N":1,"L":["a"]},"Is":[{"N":2},{"N":"3"}],"D":"2026-11-25"}}""");

        Assert.Equal("4\nOuter\n25", result.Text);
    }

    [Theory]
    [InlineData("param([int]$a) 'ran'", "{\"a\":", "not valid JSON")]
    [InlineData("param([int]$a) 'ran'", "[1]", "not a JSON object")]
    [InlineData("param([int]$a) 'ran'", """{"x":1}""", "has no parameter 'x'. Its parameters: a")]
    [InlineData("param([Parameter(Mandatory)][int]$a, [int]$b) 'ran'", """{"b":1}""", "needs the parameter a. Its parameters: a (required), b")]
    [InlineData("param([Parameter(Mandatory)][int]$a) 'ran'", "", "needs the parameter a")]
    [InlineData("param([int]$a) 'ran'", """{"a":"many"}""", "Cannot process argument transformation on parameter 'a'")]
    [InlineData("param([ValidateRange(1,3)][int]$a) 'ran'", """{"a":4}""", "Cannot validate argument on parameter 'a'")]
    [InlineData("param([ValidateSet('x','y')][string]$a) 'ran'", """{"a":"z"}""", "Cannot validate argument on parameter 'a'")]
    [InlineData("[CmdletBinding()]param([int]$a) 'ran'", """{"a":1,"Verbose":true}""", "has no parameter 'Verbose'")]
    [InlineData("[CmdletBinding()]param([int]$a) 'ran'", """{"a":1,"OutVariable":"x"}""", "has no parameter 'OutVariable'")]
    [InlineData("param([int]$a) 'ran'", """{"a":1,"A":2}""", "given twice")]
    [InlineData("param([Parameter(Mandatory)][System.Collections.Generic.IList[int]]$a) 'ran'", """{"a":["x"]}""", "cannot be used")]
    public void Arguments_that_do_not_fit_are_an_error_for_the_model(string script, string json, string expected)
    {
        ToolResultMessage result = Run(script, json);

        Assert.Contains(expected, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", result.Text.Split(' '));
        Assert.True(result.IsError);
    }

    [Fact]
    public void Only_what_was_given_can_run()
    {
        ToolResultMessage result = Engine.One<ToolResultMessage>("Invoke-TestTools @{ 'Do-It' = { 1 } } 'Remove-Item', '{}'");

        Assert.Equal("There is no tool 'Remove-Item'. The tools are: Do-It.", result.Text);
        Assert.True(result.IsError);
        Assert.Equal("1", Engine.One<ToolResultMessage>("Invoke-TestTools @{ 'Do-It' = { 1 } } 'do-it', '{}'").Text);
    }

    [Theory]
    [InlineData("throw 'no luck'", "Error: no luck")]
    [InlineData("1 / 0", "Error: Attempted to divide by zero.")]
    [InlineData("Write-Error 'half'; 'went on'", "went on\nError: half")]
    [InlineData("Get-Item -LiteralPath nowhere-here", "Error: Cannot find path")]
    [InlineData("exit 3", "Error: It was left by 'exit'")]
    [InlineData("'some'; break", "some\nError: It was left by 'break'")]
    [InlineData("continue", "Error: It was left by 'continue'")]
    [InlineData("'some'; Read-Host 'Your name'", "some\nError: A tool cannot ask the user")]
    [InlineData("$null.Foo()", "Error: You cannot call a method on a null-valued expression.")]
    [InlineData("function f { f }; f", "Error: The script failed due to call depth overflow.")]
    public void What_goes_wrong_in_a_tool_is_its_result(string script, string expected)
    {
        RunResult run = Engine.Run($"'before'; Invoke-TestTools @{{ 'Do-It' = {{ {script} }} }} 'Do-It', '{{}}'; 'after'").WithoutErrors();

        Assert.Equal("before", run.Output[0]);
        Assert.Equal("after", run.Output[^1]);
        var result = Assert.IsType<ToolResultMessage>(Assert.Single(run.Output.Skip(1).SkipLast(1)));
        Assert.StartsWith(expected, result.Text, StringComparison.Ordinal);
        Assert.True(result.IsError);
    }

    [Fact]
    public void A_tool_goes_on_after_an_error_as_it_does_elsewhere() =>
        Assert.Equal("went on\nError: Attempted to divide by zero.", Run("1 / 0; 'went on'", "{}").Text);

    [Fact]
    public void A_script_file_that_exits_has_its_code_as_its_error()
    {
        File.WriteAllText(Path.Combine(Folder, "Get-Code.ps1"), "param([int]$Code) 'out'; exit $Code");
        File.WriteAllText(Path.Combine(Folder, "Get-Other.ps1"), "<#\n.SYNOPSIS\nOther.\n#>\nparam() $PSScriptRoot");

        ToolResultMessage[] results =
        [
            .. Engine.All<ToolResultMessage>("Invoke-TestTools \"$folder/*.ps1\" 'Get-Code', '{\"Code\":3}', 'Get-Code', '{\"Code\":0}', 'Get-Other', '{}'"),
        ];

        Assert.Equal([("out\nError: It ended with exit code 3.", true), ("out", false), (Folder, false)], results.Select(result => (result.Text, result.IsError)));
    }

    [Fact]
    public void The_exit_code_of_a_program_is_reported_and_the_scripts_stays()
    {
        Engine.Run("$global:LASTEXITCODE = 9").WithoutErrors();
        string program = OperatingSystem.IsWindows() ? "cmd.exe /c exit 4" : "sh -c 'echo said; exit 4'";

        ToolResultMessage result = Run(program, "{}");

        Assert.EndsWith("[The last program that it ran ended with exit code 4.]", result.Text, StringComparison.Ordinal);
        Assert.False(result.IsError);
        Assert.Equal("fine", Run("'fine'", "{}").Text);
        Assert.Equal(9, Engine.One<int>("$LASTEXITCODE"));
    }

    [Fact]
    public void The_location_is_what_it_was()
    {
        Engine.GoTo(Folder);

        ToolResultMessage result = Run("Set-Location /; [Environment]::CurrentDirectory = '/'; 'moved'", "{}");

        Assert.Equal("moved", result.Text);
        Assert.Equal(Folder, Engine.One<string>("$pwd.Path"));
        Assert.NotEqual("/", Environment.CurrentDirectory);
    }

    [Fact]
    public void A_tool_sees_the_session_of_the_caller()
    {
        Engine.Run("$shared = 5; function Get-Shared { $shared }; function Set-Shared { $global:shared = 6 }").WithoutErrors();

        Assert.Equal(
            ["5", "(no output)", "6"],
            Engine.All<ToolResultMessage>("Invoke-TestTools (Get-Command Get-Shared, Set-Shared) 'Get-Shared','{}','Set-Shared','{}','Get-Shared','{}'").Select(result => result.Text));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ A = 1; B = 'x' }", """{"A":1,"B":"x"}""")]
    [InlineData("[pscustomobject]@{ A = 1 }, [pscustomobject]@{ A = 2 }", "[{\"A\":1},\n{\"A\":2}]")]
    [InlineData("@{ A = [DayOfWeek]::Friday }", """{"A":"Friday"}""")]
    [InlineData("'text'; [pscustomobject]@{ A = [datetime]'2026-01-02' }", "text\n{\"A\":\"2026-01-02T00:00:00.0000000\"}")]
    [InlineData("1.5; $true; $null; 'x'", "1.5\ntrue\nx")]
    [InlineData("[xml]'<a><b>1</b></a>'", "<a><b>1</b></a>")]
    [InlineData("[pscustomobject]@{ a = @{ b = @{ c = @{ d = @{ e = 1 } } } } }", """{"a":{"b":{"c":{"d":"System.Collections.Hashtable"}}}}""")]
    public void Plain_data_comes_as_JSON_and_single_values_as_text(string script, string expected) => Assert.Equal(expected, Run(script, "{}").Text);

    [Fact]
    public void Objects_of_the_framework_come_as_the_console_shows_them()
    {
        string text = Run("Get-Item -LiteralPath $folder | Format-List Name; [version]'1.2'; Get-Command Get-Item", "{}").Text;

        Assert.Contains($"Name : {Path.GetFileName(Folder)}", text, StringComparison.Ordinal);
        Assert.Contains("1.2", text, StringComparison.Ordinal);
        Assert.Contains("Cmdlet", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'x ' * 1000000")]
    [InlineData("1..200000 | ForEach-Object { \"line $_\" }")]
    [InlineData("1..20000 | ForEach-Object { [pscustomobject]@{ Number = $_ } }")]
    public void A_long_output_is_bounded_and_says_what_was_left_out(string script)
    {
        string text = Engine.One<ToolResultMessage>($"Invoke-TestTools @{{ 'Do-It' = {{ {script} }} }} 'Do-It', '{{}}' -MaxTokens 500").Text;

        Assert.InRange(TokenEstimator.CountText(text), 300, 560);
        Assert.Matches(@"\[Left out: [\d,]+ characters( in [\d,]+ items)?\. A result has at most 500 tokens", text);
    }

    [Fact]
    public void An_error_is_reported_though_the_output_is_cut() =>
        Assert.EndsWith("\nError: at the end", Engine.One<ToolResultMessage>(
            "Invoke-TestTools @{ 'Do-It' = { 'x ' * 100000; Write-Error 'at the end' } } 'Do-It', '{}' -MaxTokens 500").Text, StringComparison.Ordinal);

    [Fact]
    public void What_is_not_confirmed_does_not_run()
    {
        ToolResultMessage result = Engine.One<ToolResultMessage>("Invoke-TestTools @{ 'Do-It' = { $global:ran = 1 } } 'Do-It', '{}' -WhatIf");

        Assert.Equal("The user did not allow this call of Do-It. It was not run.", result.Text);
        Assert.Equal([true], Engine.Run("$null -eq $global:ran").Output);
    }

    [Fact]
    public void Tools_that_say_so_run_at_once()
    {
        // Each waits for the other: one after the other they would wait forever.
        string[] names = [.. new[] { "a", "b" }.Select(name => Path.Combine(Folder, name).Replace('\\', '/'))]; // they stand in JSON
        Engine.Run("""
            function Wait-Other([string]$Mine, [string]$Other) {
                Set-Content -LiteralPath $Mine 'here'
                foreach ($i in 1..600) { if (Test-Path -LiteralPath $Other) { return "$PID met" }; Start-Sleep -Milliseconds 50 }
                'alone'
            }
            """).WithoutErrors();
        string Json(int mine) => $$"""{"Mine":"{{names[mine]}}","Other":"{{names[1 - mine]}}"}""";

        IReadOnlyList<ToolResultMessage> results = Engine.All<ToolResultMessage>(
            $"Invoke-TestTools @{{ Command = 'Wait-Other'; Parallel = $true }} 'Wait-Other','{Json(0)}','Wait-Other','{Json(1)}','Nothing','{{}}'");

        Assert.Equal([$"{Environment.ProcessId} met", $"{Environment.ProcessId} met"], results.Take(2).Select(result => result.Text));
        Assert.Equal(["c0", "c1"], results.Take(2).Select(result => result.ToolCallId).Order());
        Assert.True(results[2].IsError);
    }

    [Fact]
    public void A_tool_at_once_is_a_result_too_when_it_fails()
    {
        IReadOnlyList<ToolResultMessage> results = Engine.All<ToolResultMessage>("""
            Invoke-TestTools @{ 'Do-It' = @{ Command = { param($a) if ($a -eq 1) { exit 2 } elseif ($a -eq 2) { throw 'no' } elseif ($a -eq 3) { Read-Host x }; "fine $a" }; Parallel = $true } } 'Do-It','{"a":1}','Do-It','{"a":2}','Do-It','{"a":3}','Do-It','{"a":4}'
            """);

        Dictionary<string, ToolResultMessage> byId = results.ToDictionary(result => result.ToolCallId);
        Assert.Equal([true, true, true, false], new[] { "c0", "c1", "c2", "c3" }.Select(id => byId[id].IsError));
        Assert.Contains("exit", byId["c0"].Text, StringComparison.Ordinal);
        Assert.Equal("Error: no", byId["c1"].Text);
        Assert.Equal("fine 4", byId["c3"].Text);
    }

    [Fact]
    public void Fixed_arguments_are_not_the_models()
    {
        Engine.Run("function Get-Both([string]$Root, [string]$Name) { \"$Root/$Name\" }").WithoutErrors();

        Assert.Equal(
            ["base/x", "Get-Both has no parameter 'Root'. Its parameters: Name."],
            Engine.All<ToolResultMessage>("""
                Invoke-TestTools @{ Command = 'Get-Both'; Fixed = @{ Root = 'base' } } 'Get-Both','{"Name":"x"}','Get-Both','{"Name":"x","Root":"/"}'
                """).Select(result => result.Text));
    }

    private ToolResultMessage Run(string script, string json)
    {
        Engine.Set("json", json);
        return Engine.One<ToolResultMessage>($"Invoke-TestTools @{{ 'Do-It' = {{ {script} }} }} 'Do-It', $json");
    }
}
