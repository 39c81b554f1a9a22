namespace Opi;

/// <summary>
/// Chooses what a summariser sees of the messages that leave a context, within a limit: first long texts and tools'
/// results are shortened, in the oldest messages first; then the oldest messages are left out, whole tool groups at a time.
/// </summary>
internal static class SummaryInput
{
    private const int ResultCharacters = 2_000;
    private const int ShortResultCharacters = 200;
    private const int ShortTextCharacters = 1_000;

    /// <summary>
    /// The messages to show, how many of the older ones are not among them, and the tokens. An earlier summary is always the first.
    /// </summary>
    /// <param name="messages">All that leave.</param>
    /// <param name="maxTokens">The bound.</param>
    /// <param name="withResults">Whether tools' results are shown at all.</param>
    /// <param name="estimator">Estimates the tokens of a text.</param>
    public static (IReadOnlyList<AgentMessage> Shown, int LeftOut, long Tokens) Choose(
        IReadOnlyList<AgentMessage> messages, long maxTokens, bool withResults, ITokenEstimator estimator)
    {
        int start = messages.Count > 0 && messages[0] is CompactionSummaryMessage ? 1 : 0;
        long room = start == 0 ? maxTokens : maxTokens - Size(messages[0]);
        var brief = new AgentMessage[messages.Count];
        var sizes = new long[messages.Count];
        long total = 0;
        for (int i = start; i < messages.Count; i++)
        {
            brief[i] = Brief(messages[i], withResults);
            sizes[i] = Size(brief[i]);
            total += sizes[i];
        }

        int first = start;
        bool[] safe = ToolGroups.SafeCuts(messages);
        while (first < messages.Count && (total > room || !safe[first]))
        {
            total -= sizes[first++];
        }

        for (int i = messages.Count - 1; i >= first && withResults; i--)
        {
            AgentMessage full = Capped(messages[i], ResultCharacters, int.MaxValue);
            long more = Size(full) - sizes[i];
            if (total + more > room)
            {
                break;
            }

            brief[i] = full;
            total += more;
        }

        return ([.. messages.Take(start), .. brief[first..]], first - start, maxTokens - room + total);

        long Size(AgentMessage message) => estimator.Estimate(new UserMessage(ConversationText.Of(message), 0));
    }

    private static AgentMessage Brief(AgentMessage message, bool withResults) =>
        Capped(message, withResults ? ShortResultCharacters : 0, ShortTextCharacters);

    private static AgentMessage Capped(AgentMessage message, int resultCharacters, int textCharacters) => message switch
    {
        ToolResultMessage result when result.Text.Length > resultCharacters =>
            result with { Content = [new TextContent(ConversationText.Shorten(result.Text, resultCharacters))] },
        UserMessage user when user.Text.Length > textCharacters =>
            user with { Content = [new TextContent(ConversationText.Shorten(user.Text, textCharacters))] },
        SystemMessage system when system.Text.Length > textCharacters =>
            system with { Content = [new TextContent(ConversationText.Shorten(system.Text, textCharacters))] },
        AssistantMessage answer when textCharacters < int.MaxValue =>
            answer with { Content = [.. answer.Content.Where(block => block is not ThinkingContent).Select(block => Capped(block, textCharacters))] },
        _ => message,
    };

    private static IAssistantContent Capped(IAssistantContent block, int characters) => block switch
    {
        TextContent text => text with { Text = ConversationText.Shorten(text.Text, characters) },
        ToolCallContent call => call with { Arguments = ConversationText.Shorten(call.Arguments, characters) },
        OpaqueContent opaque => opaque with { StandIn = ConversationText.Shorten(opaque.StandIn, characters) },
        _ => block,
    };
}
