using System.Text.Json;

namespace Opi.Tests;

/// <summary>What opi has no type for stands in a line that opi still reads, and comes back as it was.</summary>
public sealed class OpaqueWireTests
{
    private static readonly ProviderData Data = new("anthropic", """{"type":"web_search_tool_result","content":[{"title":"a \"b\"","bad":"\ud83d"}]}""");

    [Fact]
    public void BlocksAndMembersComeBackEqual()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        var user = new UserMessage(
            [
                new TextContent("read this"),
                new DocumentContent("application/pdf", ImageSource.FromBase64("JVBERi0="), null) { Name = "a.pdf" },
                new DocumentContent("text/plain", null, "words"),
                new ImageContent(ImageSource.FromUrl("https://x/y.png"), "image/png") { Detail = "high" },
                new OpaqueContent("video", "[video]", new ProviderData("bedrock", "{}")),
            ],
            5);
        var answer = new AssistantMessage(
            [
                new ThinkingContent("t") { Signature = "s", ProviderData = Data },
                new OpaqueContent("web_search_tool_result", "[search results: a]", Data),
                new OpaqueContent("fallback", "", Data),
                new TextContent("done") { ProviderData = Data },
                new ToolCallContent("c1", "shell", "{}") { ProviderData = Data },
            ],
            "anthropic",
            "claude-opus-4-6",
            6) { StopReason = StopReason.PauseTurn, ProviderData = Data };
        var result = new ToolResultMessage("c1", "shell", [new TextContent("ok")], 7) { ProviderData = Data };
        session.AddTurn([user, answer, result, new SystemMessage("be brief", 8)]);
        string path = session.Path;
        session.Dispose();

        using SessionReader reader = SessionReader.Open(path);
        AgentMessage[] read = [.. reader.ReadContext().Messages];
        Assert.True(reader.Recovery.IsClean);
        UserMessage readUser = Assert.IsType<UserMessage>(read[0]);
        Assert.All(user.Content.Zip(readUser.Content), pair => Assert.Equal(pair.First, pair.Second));
        AssistantMessage readAnswer = Assert.IsType<AssistantMessage>(read[1]);
        Assert.All(answer.Content.Zip(readAnswer.Content), pair => Assert.Equal(pair.First, pair.Second));
        Assert.Equal(StopReason.PauseTurn, readAnswer.StopReason);
        Assert.Equal(Data, readAnswer.ProviderData);
        Assert.Equal("done", readAnswer.Text);
        Assert.Equal(Data, Assert.IsType<ToolResultMessage>(read[2]).ProviderData);
        Assert.Equal("be brief", Assert.IsType<SystemMessage>(read[3]).Text);
        Assert.Equal([EntryRole.User, EntryRole.Assistant, EntryRole.ToolResult, EntryRole.System], reader.Entries.Select(entry => entry.Role));
    }

    [Theory]
    [InlineData(StopReason.PauseTurn, "stop")]
    [InlineData(StopReason.Compaction, "stop")]
    [InlineData(StopReason.Refusal, "error")]
    [InlineData(StopReason.ContextWindowExceeded, "length")]
    [InlineData(StopReason.ToolUse, "tool_use")]
    public void OpiReadsOneOfItsFiveReasonsAndItsOwnBlocks(StopReason reason, string forOpi)
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("q"), new AssistantMessage([new OpaqueContent("k", "[k]", Data)], "anthropic", "m", 1) { StopReason = reason }]);
        string path = session.Path;
        session.Dispose();
        JsonElement message = JsonDocument.Parse(File.ReadAllLines(path)[^1]).RootElement.GetProperty("message");
        Assert.Equal(forOpi, message.GetProperty("stop_reason").GetString());
        JsonElement block = message.GetProperty("content")[0];
        Assert.Equal("thinking", block.GetProperty("type").GetString());
        Assert.Equal("[k]", block.GetProperty("thinking").GetString());
        Assert.Equal(Data.Json, block.GetProperty("provider_data").GetProperty("json").GetString());
    }
}
