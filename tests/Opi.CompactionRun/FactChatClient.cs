using Microsoft.Extensions.AI;

namespace Opi.CompactionRun;

using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

/// <summary>The same stand-in for those who ask a model by Microsoft.Extensions.AI.</summary>
internal sealed class FactChatClient : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string text = string.Join('\n', messages.Select(message => string.Join('\n', message.Contents.Select(AgentFrameworkMessages.TextOf))));
        return Task.FromResult(new ChatResponse(
            new ChatMessage(ChatRole.Assistant, FactModel.Summarize(text, OpiCompactionPolicy.DefaultBudgetTokens))));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Summaries are not streamed.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
