using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;

namespace Opi.PowerShell.Tests;

using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

/// <summary>The objects that the real SDKs give, each made by its own SDK from JSON of the provider's published shape.</summary>
public sealed class SdkObjectTests : EngineTest
{
    private const string Chat =
        """{"id":"c1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":null,"""
        + """ "tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},"finish_reason":"tool_calls"}],"""
        + """ "usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29}}""";

    private const string Claude =
        """{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"thinking","thinking":"T","signature":"S"},"""
        + """{"type":"tool_use","id":"t1","name":"weather","input":{"city":"Rome"}}],"stop_reason":"tool_use","stop_sequence":null,"""
        + """ "usage":{"input_tokens":20,"output_tokens":9}}""";

    [Fact]
    public void OpenAI_for_NET()
    {
        ClientResult<ChatCompletion> result = Client(HttpStatusCode.OK, Chat).CompleteChat(new UserChatMessage("q"));
        Engine.Set("result", result);
        Engine.Set("value", result.Value);
        Engine.Set("response", result.GetRawResponse());

        foreach (string name in (string[])["$result", "$value", "$response"])
        {
            HasCall(Engine.One<AssistantMessage>($"ConvertTo-OpiMessage -InputObject {name}"), "call_1");
        }

        Engine.Set("call", result.Value.ToolCalls[0]);
        Assert.Equal("""{"city":"Rome"}""", Engine.One<string>("(New-OpiMessage Assistant -ToolCall $call).ToolCalls[0].ArgumentsJson"));
    }

    [Fact]
    public void OpenAI_for_NET_whose_request_failed()
    {
        const string Body = """{"error":{"message":"Slow down.","type":"requests","code":"rate_limit_exceeded"}}""";
        ClientResultException thrown = Assert.Throws<ClientResultException>(() => Client(HttpStatusCode.BadRequest, Body).CompleteChat(new UserChatMessage("q")));
        Engine.Set("thrown", thrown);

        Assert.Contains("Slow down", Engine.Run("try { throw $thrown } catch { ConvertTo-OpiMessage $_ }")
            .Error("ProviderError,Opi.PowerShell.Commands.ConvertToOpiMessageCommand").Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anthropic_for_NET()
    {
        Anthropic.Models.Messages.Message message = JsonSerializer.Deserialize<Anthropic.Models.Messages.Message>(Claude)!;
        Engine.Set("message", message);
        Engine.Set("block", message.Content[1].Value!);

        AssistantMessage answer = Engine.One<AssistantMessage>("ConvertTo-OpiMessage -InputObject $message");

        HasCall(answer, "t1");
        Assert.Equal("S", answer.Content.OfType<ThinkingContent>().Single().Signature);
        Assert.Equal("""{"city":"Rome"}""", Engine.One<string>("(New-OpiMessage Assistant -ToolCall $block).ToolCalls[0].ArgumentsJson"));
    }

    [Fact]
    public void A_reply_of_an_SDK_by_the_pipe_is_a_turn()
    {
        OpiSession session = NewSession();
        Engine.Set("message", JsonSerializer.Deserialize<Anthropic.Models.Messages.Message>(Claude)!);

        OpiTurn turn = Engine.One<OpiTurn>("$message | Add-OpiTurn -Session $s -User q");

        Assert.Equal((20, 9, StopReason.ToolUse), (turn.InputTokens, turn.OutputTokens, turn.StopReason));
        Assert.Equal(2, session.ReadContext().Count);
    }

    [Fact]
    public void OllamaSharp()
    {
        Engine.Set("chunks", new object[]
        {
            JsonSerializer.Deserialize<OllamaSharp.Models.Chat.ChatResponseStream>("""{"model":"llama3.2","created_at":"2026-11-20T12:00:00Z","message":{"role":"assistant","content":"Hel"},"done":false}""")!,
            JsonSerializer.Deserialize<OllamaSharp.Models.Chat.ChatDoneResponseStream>("""{"model":"llama3.2","created_at":"2026-11-20T12:00:00Z","message":{"role":"assistant","content":"lo"},"done":true,"done_reason":"stop","prompt_eval_count":4,"eval_count":3}""")!,
        });

        AssistantMessage message = Engine.One<AssistantMessage>("$chunks | ConvertTo-OpiMessage");

        Assert.Equal(("Hello", 4, 3), (message.Text, message.Usage.InputTokens, message.Usage.OutputTokens));
    }

    [Fact]
    public void Microsoft_Extensions_AI_counts_the_cache_among_the_input()
    {
        NewSession();
        Engine.Set("response", new ChatResponse(new ChatMessage(ChatRole.Assistant,
            [
                new TextReasoningContent("Let me see.") { ProtectedData = "SIG" },
                new FunctionCallContent("toolu_1", "weather", new Dictionary<string, object?> { ["city"] = "Rome" }),
            ]))
        {
            ResponseId = "msg_1",
            ModelId = "claude-sonnet-4-5-20250929",
            FinishReason = ChatFinishReason.ToolCalls,
            Usage = new UsageDetails
            {
                InputTokenCount = 350,
                OutputTokenCount = 12,
                TotalTokenCount = 362,
                CachedInputTokenCount = 200,
                AdditionalCounts = new() { ["CacheCreationInputTokens"] = 50 },
            },
        });

        OpiTurn turn = Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Response $response");
        AssistantMessage message = Assert.IsType<AssistantMessage>(Engine.All<OpiEntry>("Get-OpiEntry $s")[^1].Message);

        Assert.Equal((100, 200, 50, 12), (turn.InputTokens, turn.CacheReadTokens, turn.CacheWriteTokens, turn.OutputTokens));
        Assert.NotNull(turn.Cost);
        HasCall(message, "toolu_1");
        Assert.Equal("anthropic", message.Provider);
        Assert.Equal("SIG", message.Content.OfType<ThinkingContent>().Single().Signature);
    }

    [Fact]
    public void Microsoft_Extensions_AI_with_the_providers_reply_behind_it_is_that_reply()
    {
        ChatCompletion completion = ModelReaderWriter.Read<ChatCompletion>(BinaryData.FromString(Chat))!;
        Engine.Set("response", new ChatResponse(new ChatMessage(ChatRole.Assistant, "x")) { RawRepresentation = completion });

        HasCall(Engine.One<AssistantMessage>("ConvertTo-OpiMessage -InputObject $response"), "call_1");
    }

    [Fact]
    public void Microsoft_Extensions_AI_in_pieces_and_as_a_history()
    {
        Engine.Set("updates", new[]
        {
            new ChatResponseUpdate(ChatRole.Assistant, "Hel") { ResponseId = "r", ModelId = "gpt-4o" },
            new ChatResponseUpdate(ChatRole.Assistant, "lo") { ResponseId = "r", FinishReason = ChatFinishReason.Stop },
            new ChatResponseUpdate(null, [new UsageContent(new UsageDetails { InputTokenCount = 5, OutputTokenCount = 2 })]) { ResponseId = "r" },
        });
        Engine.Set("history", new[]
        {
            new ChatMessage(ChatRole.User, "Hi"),
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "f", new Dictionary<string, object?>())]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "done")]),
        });

        AssistantMessage message = Engine.One<AssistantMessage>("$updates | ConvertTo-OpiMessage");
        Assert.Equal(("Hello", StopReason.Stop, 5, 2), (message.Text, message.StopReason, message.Usage.InputTokens, message.Usage.OutputTokens));
        Assert.Equal(["user:Hi", "assistant:", "tool_result:done"], Engine.All<Message>("ConvertTo-OpiMessage -InputObject $history").Select(read => $"{read.Role}:{read.Text}"));
    }

    private static void HasCall(AssistantMessage message, string id)
    {
        Assert.Equal((id, "weather"), message.ToolCalls.Select(call => (call.Id, call.Name)).Single());
        Assert.Equal("Rome", JsonDocument.Parse(message.ToolCalls.Single().Arguments).RootElement.GetProperty("city").GetString());
        Assert.Equal(StopReason.ToolUse, message.StopReason);
    }

    private static ChatClient Client(HttpStatusCode status, string body) => new(
        "gpt-4o", new ApiKeyCredential("none"), new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(new HttpClient(new Answering(status, body))) });

    /// <summary>Answers every request in the same way, without a network.</summary>
    private sealed class Answering(HttpStatusCode status, string body) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(status) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"), RequestMessage = request };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
