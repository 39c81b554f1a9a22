namespace Opi;

/// <summary>A tool's call and its results belong together: a provider refuses a request that has one without the other.</summary>
internal static class ToolGroups
{
    /// <summary>
    /// For each place whether a cut before it has every result on the same side as its call. A result belongs to the newest call of its id
    /// before it; one whose call is nowhere hinders no cut.
    /// </summary>
    public static bool[] SafeCuts(IReadOnlyList<AgentMessage> messages) =>
        SafeCuts([.. messages.Select(message => MessageSketch.Of(message))]);

    /// <inheritdoc cref="SafeCuts(IReadOnlyList{AgentMessage})"/>
    public static bool[] SafeCuts(MessageSketch[] messages)
    {
        var callAt = new Dictionary<string, int>();
        var neededFrom = new int[messages.Length];
        for (int i = 0; i < messages.Length; i++)
        {
            neededFrom[i] = messages[i].ResultOf is { } result ? callAt.GetValueOrDefault(result, i) : i;
            foreach (string call in messages[i].Calls ?? [])
            {
                callAt[call] = i;
            }
        }

        var safe = new bool[messages.Length];
        int needed = messages.Length;
        for (int i = messages.Length - 1; i >= 0; i--)
        {
            needed = Math.Min(needed, neededFrom[i]);
            safe[i] = needed >= i;
        }

        return safe;
    }

    /// <summary>
    /// For each of the first entries whether pins hold it: what is pinned, and with a call or a result the call and all its results, because
    /// neither can be sent without the other. Null when no pin holds any.
    /// </summary>
    public static bool[]? Held(IReadOnlyList<ContextEntry> entries, int count)
    {
        bool[]? held = null;
        for (int i = 0; i < count; i++)
        {
            if (!entries[i].IsPinned)
            {
                continue;
            }

            held ??= new bool[entries.Count];
            held[i] = true;
            int call = entries[i].Message switch
            {
                AssistantMessage => i,
                ToolResultMessage result => CallOf(entries, i, result),
                _ => -1,
            };
            if (call >= 0)
            {
                HoldGroup(entries, call, held);
            }
        }

        return held;
    }

    /// <summary>The place of the newest call before a result that has its id; -1 for none.</summary>
    private static int CallOf(IReadOnlyList<ContextEntry> entries, int place, ToolResultMessage result)
    {
        while (--place >= 0)
        {
            if (entries[place].Role is EntryRole.Assistant or EntryRole.None && entries[place].Message is AssistantMessage answer
                && answer.ToolCalls.Any(call => call.Id == result.ToolCallId))
            {
                break;
            }
        }

        return place;
    }

    private static void HoldGroup(IReadOnlyList<ContextEntry> entries, int at, bool[] held)
    {
        held[at] = true;
        HashSet<string> open = [.. ((AssistantMessage)entries[at].Message).ToolCalls.Select(call => call.Id)];
        for (int i = at + 1; i < entries.Count && open.Count > 0; i++)
        {
            if (entries[i].Role is EntryRole.User or EntryRole.System)
            {
                continue; // without reading it
            }

            switch (entries[i].Message)
            {
                case AssistantMessage later:
                    open.ExceptWith(later.ToolCalls.Select(call => call.Id)); // what follows are the results of these
                    break;
                case ToolResultMessage result when open.Remove(result.ToolCallId):
                    held[i] = true;
                    break;
            }
        }
    }
}
