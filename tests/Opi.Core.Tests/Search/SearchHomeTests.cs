namespace Opi.Tests;

/// <summary>A text of each agent's home is found, with what is known of it.</summary>
public sealed class SearchHomeTests
{
    private static readonly string Data = Path.Combine(Repository.Root, "tests", "data");

    [Theory]
    [InlineData("amp-made", UsageSource.Amp, "go", SearchRole.User, null)]
    [InlineData("cline-cli", UsageSource.Cline, "USETOOL say hello", SearchRole.User, null)]
    [InlineData("cline-cli", UsageSource.Cline, "commands: echo hello", SearchRole.Assistant, "run_commands")]
    [InlineData("codex-zst", UsageSource.Codex, "Done.", SearchRole.Assistant, null)]
    [InlineData("copilot-cli", UsageSource.Copilot, "USETOOL hi", SearchRole.User, null)]
    [InlineData("copilot-cli", UsageSource.Copilot, "hello <shellId: 0", SearchRole.ToolResult, "bash")]
    [InlineData("crush-made", UsageSource.Crush, "imdpaglüeldüo€oegipmo", SearchRole.User, null)]
    [InlineData("droid-made", UsageSource.Droid, "x", SearchRole.Assistant, null)]
    [InlineData("goose-made", UsageSource.Goose, "üüao dohü€", SearchRole.Assistant, null)]
    [InlineData("grok-made", UsageSource.Grok, "x", SearchRole.Assistant, null)]
    [InlineData("kilo-cli", UsageSource.KiloCode, "USETOOL say hello", SearchRole.User, null)]
    [InlineData("kilo-cli", UsageSource.KiloCode, "command: echo hello", SearchRole.Assistant, "bash")]
    [InlineData("kimi-cli-made", UsageSource.Kimi, "go", SearchRole.User, null)]
    [InlineData("kimi-code", UsageSource.Kimi, "USETOOL hi", SearchRole.User, null)]
    [InlineData("kimi-code", UsageSource.Kimi, "hello", SearchRole.ToolResult, "Bash")]
    [InlineData("kimi-code-recorded", UsageSource.Kimi, "The user has sent three", SearchRole.Assistant, null)]
    [InlineData("omp-made", UsageSource.Omp, "x", SearchRole.Assistant, null)]
    [InlineData("openclaw", UsageSource.OpenClaw, "USETOOL say hello", SearchRole.User, null)]
    [InlineData("openclaw-old-made", UsageSource.OpenClaw, "x", SearchRole.Assistant, null)]
    [InlineData("opencode", UsageSource.OpenCode, "USETOOL say hello", SearchRole.User, null)]
    [InlineData("opencode", UsageSource.OpenCode, "command: echo hello", SearchRole.Assistant, "bash")]
    [InlineData("opencode-v2-made", UsageSource.OpenCode, "gakjlpalkaemjedleifplkimn€€kaü", SearchRole.Assistant, null)]
    [InlineData("qwen", UsageSource.Qwen, "USETOOL say hello", SearchRole.User, null)]
    [InlineData("qwen", UsageSource.Qwen, "command: echo hello", SearchRole.Assistant, "run_shell_command")]
    public void A_text_of_an_agent_s_home_is_found(string home, UsageSource source, string text, SearchRole role, string? tool)
    {
        (SearchResult result, IReadOnlyList<OpiSearchHit> hits) = SearchScan.Run(
            new SearchRequest { Text = text, Sources = Find.Sources, Paths = [Path.Combine(Data, "agent-homes", home)] }, null, default);

        OpiSearchHit? hit = hits.FirstOrDefault(hit => hit.Role == role && (tool is null || hit.Tool == tool));
        Assert.True(hit is not null, $"{hits.Count} others: {string.Join(" | ", hits.Select(other => $"{other.Role} {other.Tool} {other.Line}"))}");
        Assert.Equal(source, hit.Source);
        Assert.False(string.IsNullOrEmpty(hit.SessionId));
        Assert.False(string.IsNullOrEmpty(hit.EntryId));
        Assert.Equal([], result.Unsearched);
        Assert.Equal([], result.Findings.Where(finding => finding.Error is not null).Select(finding => finding.Reason));
    }

    [Theory]
    [InlineData("fix the tests", SearchRole.User, null)]
    [InlineData("I look at the file", SearchRole.Assistant, null)]
    [InlineData("it must be a path", SearchRole.Assistant, null)] // thinking
    [InlineData("path: src/a.cs", SearchRole.Assistant, "readFile")]
    [InlineData("npm test -- a", SearchRole.Assistant, null)]
    [InlineData("3 passed", SearchRole.ToolResult, null)]
    [InlineData("and the docs", SearchRole.User, null)]
    [InlineData("all is green", SearchRole.Assistant, null)]
    [InlineData("a kind of later", SearchRole.Other, null)]
    public void A_task_without_its_messages_is_searched_in_the_document_of_its_view(string text, SearchRole role, string? tool)
    {
        using var folder = new TempFolder();
        string task = Directory.CreateDirectory(folder.File("saoudrizwan.claude-dev/tasks/1790000000000")).FullName;
        File.WriteAllText(
            Path.Combine(task, "ui_messages.json"),
            """
            [{"ts":1790000000000,"type":"say","say":"text","text":"Please fix the tests"},
            {"ts":1790000001000,"type":"say","say":"api_req_started","text":"{\"request\":\"fix the tests\",\"tokensIn\":10,\"tokensOut\":5,\"cost\":0.1}"},
            {"ts":1790000002000,"type":"say","say":"reasoning","text":"it must be a path","modelInfo":{"providerId":"anthropic","modelId":"m"}},
            {"ts":1790000003000,"type":"say","say":"text","text":"I look at the file"},
            {"ts":1790000004000,"type":"ask","ask":"tool","text":"{\"tool\":\"readFile\",\"path\":\"src/a.cs\"}"},
            {"ts":1790000005000,"type":"ask","ask":"command","text":"npm test -- a"},
            {"ts":1790000006000,"type":"say","say":"command_output","text":"3 passed"},
            {"ts":1790000007000,"type":"say","say":"user_feedback","text":"and the docs"},
            {"ts":1790000008000,"type":"say","say":"completion_result","text":"all is green"},
            {"ts":1790000009000,"type":"say","say":"a_later_kind","text":"a kind of later"}]
            """);
        var request = new SearchRequest { Text = text, Sources = [UsageSource.Cline], Paths = [folder.Path] };

        OpiSearchHit hit = Assert.Single(Find.Of(request));
        Assert.Equal((role, tool, "1790000000000"), (hit.Role, hit.Tool, hit.SessionId));

        File.WriteAllText(Path.Combine(task, "api_conversation_history.json"), """[{"role":"user","content":"nothing"}]""");
        Assert.Empty(Find.Of(request));
    }

    [Fact]
    public void A_subagent_of_Kimi_without_a_file_is_found_in_its_parents()
    {
        using var folder = new TempFolder();
        string session = Directory.CreateDirectory(folder.File(".kimi/sessions/0123/s1")).FullName;
        File.WriteAllText(
            Path.Combine(session, "wire.jsonl"),
            """
            {"type":"metadata","protocol_version":"1.3"}
            {"timestamp":1790000000.5,"message":{"type":"TurnBegin","payload":{"user_input":"go"}}}
            {"timestamp":1790000001.5,"message":{"type":"SubagentEvent","payload":{"task_tool_call_id":"t","event":{"type":"ContentPart","payload":{"type":"text","text":"the subagent speaks"}}}}}

            """);
        var request = new SearchRequest { Text = "subagent speaks", Sources = [UsageSource.Kimi], Paths = [folder.Path] };

        OpiSearchHit hit = Assert.Single(Find.Of(request));
        Assert.Equal((SearchRole.Assistant, "s1"), (hit.Role, hit.SessionId));

        Directory.CreateDirectory(Path.Combine(session, "subagents"));
        Assert.Empty(Find.Of(request)); // its own file has it
    }

    [Theory]
    [InlineData("claude-dev", UsageSource.Cline)]
    [InlineData("roo-cline", UsageSource.RooCode)]
    [InlineData("kilo-code", UsageSource.KiloCode)]
    public void A_task_in_an_editor_is_found(string folder, UsageSource source)
    {
        IReadOnlyList<OpiSearchHit> hits = Find.Of(new SearchRequest
        {
            Text = "<task>x</task>",
            Sources = Find.Sources,
            Paths = [Path.Combine(Data, "agent-homes", "vscode-made")],
        });

        Assert.Contains(hits, hit => hit.Source == source && hit.Path.Contains(folder, StringComparison.Ordinal) && hit.Project == "/home/sam/src/widgets");
    }

    [Theory]
    [InlineData("claude/entire-2142-compact-haiku.jsonl", "can we rebase our branch", SearchRole.User)]
    [InlineData("codex/agentsessions-small.jsonl", "Found 2 files.", SearchRole.Assistant)]
    [InlineData("codex/agentsessions-small.jsonl", "command: ls", SearchRole.Assistant)]
    [InlineData("gemini/entire-a.json", "Deciding File Creation", SearchRole.Assistant)]
    [InlineData("gemini/entire-a.json", "file_path: docs/blue.md", SearchRole.Assistant)]
    [InlineData("gemini/agentsessions-v040.jsonl", "Say hello and list files.", SearchRole.User)]
    [InlineData("pi/specstory-full-format.jsonl", "My test session", SearchRole.Name)]
    [InlineData("pi/specstory-full-format.jsonl", "explored approach A", SearchRole.Summary)]
    [InlineData("pi/pimono-large-session.jsonl", "Pi Coding Agent Themes", SearchRole.ToolResult)]
    public void A_text_of_a_recorded_log_is_found(string log, string text, SearchRole role)
    {
        IReadOnlyList<OpiSearchHit> hits = Find.Of(new SearchRequest
        {
            Text = text,
            Sources = Find.Sources,
            Paths = [Path.Combine(Data, "agent-logs", log)],
        });

        Assert.True(hits.Any(hit => hit.Role == role), $"{hits.Count}: {string.Join(" | ", hits.Select(hit => $"{hit.Role} {hit.Line}"))}");
    }

    [Fact]
    public void A_source_without_a_reader_is_named() =>
        Assert.All(
            UsageScan.AllLogs.Where(log => log.Source != UsageSource.Ledger), log => Assert.True(log.Messages is not null, $"{log.Source} is not searched"));

    [Fact]
    public void An_Opi_session_is_searched()
    {
        using var folder = new TempFolder();
        string path;
        using (OpiSession session = OpiSession.Create(folder.Path, new SessionOptions { WorkingDirectory = "/w" }))
        {
            session.Update(new SessionUpdate { Name = "nightly needle" });
            session.AddTurn(
                [
                    new UserMessage("find the needle", 0),
                    new AssistantMessage(
                        [new ThinkingContent("needle, hm"), new TextContent("here"), new ToolCallContent("c1", "grep", """{"pattern":"need\u006ce"}""")],
                        "anthropic",
                        "claude-sonnet-4-5",
                        0),
                    new ToolResultMessage("c1", "grep", [new TextContent("a.cs: needle")], 0),
                ]);
            path = session.Path;
        }

        IReadOnlyList<OpiSearchHit> hits = Find.Text("needle", UsageSource.Opi, path);

        Assert.Equal(
            [SearchPart.Text, SearchPart.Thinking, SearchPart.ToolCall, SearchPart.ToolResult, SearchPart.Name],
            hits.Select(hit => hit.Part).Order());
        Assert.All(hits, hit => Assert.Equal("/w", hit.Project));
        Assert.Equal("grep", Assert.Single(hits, hit => hit.Part == SearchPart.ToolResult).Tool);
    }
}
