using System.Text.Json;

namespace Opi.Tests;

/// <summary>A provider answers under another name than the one that was asked. Its thinking and signatures go back to it all the same.</summary>
public sealed class AskedModelTests
{
    private const string Thought = """{"type":"message","id":"msg_1","role":"assistant","model":"MODEL","content":[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"tool_use","id":"toolu_1","name":"look","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":4}}""";
    private const string Signed = """{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"look","args":{}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2},"modelVersion":"MODEL"}""";
    private const string Detailed = """{"id":"g","object":"chat.completion","model":"MODEL","choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","signature":"c2ln","index":0}],"tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";
    private const string Reasoned = """{"id":"g","object":"chat.completion","model":"MODEL","choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning_content":"c2ln","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    [Theory]
    [InlineData("anthropic:claude-sonnet-4-0", Thought, "claude-sonnet-4-20250514")]
    [InlineData("google-vertex:gemini-3.5-flash", Signed, "gemini-3.5-flash")]
    [InlineData("gemini:gemini-3-pro-preview", Signed, "gemini-3.1-pro-preview")]
    [InlineData("openrouter:anthropic/claude-haiku-4.5", Detailed, "anthropic/claude-4.5-haiku-20251001")]
    [InlineData("openrouter:z-ai/glm-4.6:free", Detailed, "z-ai/glm-4.6")]
    [InlineData("vercel:anthropic/claude-sonnet-4", Detailed, "anthropic/claude-sonnet-4")]
    [InlineData("vercel-ai-gateway:anthropic/claude-sonnet-4", Detailed, "anthropic/claude-sonnet-4")]
    [InlineData("deepseek:deepseek-reasoner", Reasoned, "deepseek-v9-flash")]
    [InlineData("zai:glm-4.5", Thought, "glm-4.5")]
    public void What_the_sessions_model_signed_goes_back_to_it_whatever_name_it_answers_with(string session, string reply, string answered)
    {
        AssistantMessage answer = Answer(reply, answered, session);

        Assert.Contains("c2ln", Request(answer, session), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anthropic:claude-sonnet-4-5", Thought, "claude-opus-4-5", "anthropic:claude-sonnet-4-5")] // another size has answered
    [InlineData("anthropic:claude-sonnet-4-0", Thought, "claude-sonnet-4-20250514", "anthropic:claude-sonnet-4-5")] // the session went on with another one
    [InlineData("anthropic:claude-sonnet-4-5", Thought, "claude-sonnet-4-5", "google-vertex:claude-sonnet-4-5")] // another provider
    [InlineData("gemini:gemini-2.5-pro", Signed, "gemini-3.1-pro", "gemini:gemini-3.1-flash")]
    public void Another_model_gets_no_thinking_of_it(string session, string reply, string answered, string asked)
    {
        AssistantMessage answer = Answer(reply, answered, session);

        Assert.DoesNotContain("c2ln", Request(answer, asked), StringComparison.Ordinal);
    }

    [Fact]
    public void The_asked_model_is_in_the_file_where_the_reply_names_another_one_only()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        AssistantMessage other = Answer(Signed, "gemini-3.1-pro", "gemini:gemini-3-pro");
        AssistantMessage same = Answer(Signed, "gemini-3-pro-002", "gemini:gemini-3-pro");
        session.AddTurn([new UserMessage("q", 1), other, same]);
        string path = session.Path;
        session.Dispose();

        string[] lines = File.ReadAllLines(path);
        Assert.Contains("\"asked_model\":\"gemini:gemini-3-pro\"", lines[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("asked_model", lines[^1], StringComparison.Ordinal);
        using SessionReader reader = SessionReader.Open(path);
        AssistantMessage[] read = [.. reader.ReadContext().Messages.OfType<AssistantMessage>()];
        Assert.Equal(["gemini:gemini-3-pro", null], read.Select(answer => answer.AskedModel));
    }

    private static AssistantMessage Answer(string reply, string model, string session)
    {
        JsonElement json = JsonDocument.Parse(reply.Replace("MODEL", model, StringComparison.Ordinal)).RootElement;
        return (AssistantMessage)ProviderReply.FromSession(ProviderReply.Parse(json)[0], session);
    }

    private static string Request(AssistantMessage answer, string model)
    {
        Provider provider = answer.Content.Any(block => block is ThinkingContent { Signature: not null }) ? Provider.Anthropic
            : answer.Api == ModelApi.Google ? Provider.Gemini
            : Provider.OpenAIChat;
        Message[] messages =
        [
            new UserMessage("q", 0), answer, .. answer.ToolCalls.Select(call => new ToolResultMessage(call.Id, call.Name, [new TextContent("r")], 0)),
        ];
        return ProviderRequest.Build(messages, provider, new RequestOptions { Model = model }).Body.GetRawText();
    }
}
