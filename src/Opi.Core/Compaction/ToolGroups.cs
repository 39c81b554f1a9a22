namespace Opi;

/// <summary>A tool's call and its results belong together: a provider refuses a request that has one without the other.</summary>
internal static class ToolGroups
{
    /// <summary>
    /// For each place whether a cut before it has every result on the same side as its call. A result belongs to the newest call of its id
    /// before it; one whose call is nowhere hinders no cut.
    /// </summary>
    public static bool[] SafeCuts(IReadOnlyList<AgentMessage> messages)
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

        var safe = new bool[messages.Count];
        int needed = messages.Count;
        for (int i = messages.Count - 1; i >= 0; i--)
        {
            needed = Math.Min(needed, neededFrom[i]);
            safe[i] = needed >= i;
        }

        return safe;
    }
}
