using System.Globalization;

namespace Opi;

public sealed partial class OpiSession
{
    /// <summary>The tool calls of the context that have no result. Reads the context from the file.</summary>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    public IReadOnlyList<ToolCallContent> ReadOpenToolCalls() => new ResultsOfCalls(ReadContext()).Unanswered;

    /// <summary>
    /// Adds a result to each tool call of the context that has none: an error that says that the call was interrupted. A request
    /// would say so anyway; in the file it holds for all later requests.
    /// </summary>
    /// <returns>The results as they were persisted; null when no call lacks one.</returns>
    /// <exception cref="OpiException">SessionClosed: the session was closed.</exception>
    /// <exception cref="SessionWriteException">Nothing was persisted and nothing has changed.</exception>
    public OpiTurn? CompleteToolCalls()
    {
        lock (_gate)
        {
            long now = _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            Message[] results = [.. ReadOpenToolCalls().Select(call => new ToolResultMessage(
                call.Id, call.Name, [new TextContent(Conversation.NoResult)], now) { IsError = true })];
            return results.Length == 0 ? null : Persist(results, null);
        }
    }

    /// <summary>The end of the conversation, where something is missing: an answer to a prompt, or a result to a tool call.</summary>
    private string? DescribeOpenEnd(out bool lacksResults)
    {
        lacksResults = false;
        var answered = new HashSet<string>();
        foreach (AgentMessage message in _coordinator.MessagesFromEnd())
        {
            switch (message)
            {
                case ToolResultMessage result:
                    answered.Add(result.ToolCallId);
                    continue;
                case AssistantMessage answer when answer.ToolCalls.Count(call => !answered.Contains(call.Id)) is > 0 and int open:
                    lacksResults = true;
                    return string.Create(
                        CultureInfo.InvariantCulture, $"the last turn has {open} tool call{(open == 1 ? "" : "s")} without a result");
                case SystemMessage:
                    continue; // it may come after a prompt, and is not one
                case UserMessage when answered.Count == 0:
                    return "the last turn is a prompt without an answer";
                default:
                    return null;
            }
        }

        return null;
    }
}
