namespace Opi;

/// <summary>A tool's call and its results belong together: a provider refuses a request that has one without the other.</summary>
internal static class ToolGroups
{
    /// <summary>
    /// The nearest cut at or before the wanted one that has every result on the same side as its call. 0 when only everything will do.
    /// A result whose call is nowhere hinders no cut.
    /// </summary>
    public static int SafeSplit(IReadOnlyList<AgentMessage> messages, int wanted)
    {
        var callAt = new Dictionary<string, int>();
        var neededFrom = new int[messages.Count];
        for (int i = 0; i < messages.Count; i++)
        {
            neededFrom[i] = i;
            switch (messages[i])
            {
                case AssistantMessage assistant:
                    foreach (ToolCallContent call in assistant.ToolCalls)
                    {
                        callAt[call.Id] = i;
                    }

                    break;
                case ToolResultMessage result:
                    neededFrom[i] = callAt.GetValueOrDefault(result.ToolCallId, i);
                    break;
            }
        }

        int split = wanted;
        for (int i = messages.Count - 1; i >= split; i--)
        {
            split = Math.Min(split, neededFrom[i]);
        }

        return split;
    }
}
