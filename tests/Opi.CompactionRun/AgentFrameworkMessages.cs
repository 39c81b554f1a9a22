using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Opi.CompactionRun;

using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

/// <summary>Messages of Opi as those of Microsoft.Extensions.AI, and back.</summary>
internal static class AgentFrameworkMessages
{
    public static ChatMessage From(Message message) => message switch
    {
        AssistantMessage answer => new ChatMessage(ChatRole.Assistant, [.. answer.Content.Select(From)]),
        ToolResultMessage result => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(result.ToolCallId, result.Text)]),
        _ => new ChatMessage(ChatRole.User, message.Text),
    };

    public static AgentMessage To(ChatMessage message)
    {
        if (message.Contents.OfType<FunctionResultContent>().FirstOrDefault() is { } result)
        {
            return new ToolResultMessage(result.CallId, "tool", [new Opi.TextContent(TextOf(result))], 0);
        }

        return message.Role == ChatRole.Assistant
            ? new AssistantMessage(message.Contents.Select(To), "anthropic", "claude-sonnet-4-5", 0)
            : new UserMessage(message.Text, 0);
    }

    public static string TextOf(AIContent content) => content switch
    {
        FunctionCallContent call => $"{call.Name}({JsonSerializer.Serialize(call.Arguments)})",
        FunctionResultContent result => result.Result?.ToString() ?? "",
        Microsoft.Extensions.AI.TextContent text => text.Text,
        _ => "",
    };

    private static AIContent From(IAssistantContent block) => block switch
    {
        ToolCallContent call => new FunctionCallContent(
            call.Id, call.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(call.Arguments)),
        _ => new Microsoft.Extensions.AI.TextContent(block.ToString()),
    };

    private static IAssistantContent To(AIContent content) => content is FunctionCallContent call
        ? new ToolCallContent(call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments))
        : new Opi.TextContent(TextOf(content));
}
