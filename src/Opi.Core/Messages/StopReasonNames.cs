namespace Opi;

/// <summary>The names of stop reasons in a session's file: opi's five, and an extra member for those that opi does not know.</summary>
internal static class StopReasonNames
{
    private static readonly string[] OpiNames = ["stop", "length", "tool_use", "error", "aborted"];

    private static readonly (StopReason Reason, StopReason ForOpi, string Name)[] Details =
    [
        (StopReason.PauseTurn, StopReason.Stop, "pause_turn"),
        (StopReason.Refusal, StopReason.Error, "refusal"),
        (StopReason.ContextWindowExceeded, StopReason.Length, "context_window_exceeded"),
        (StopReason.Compaction, StopReason.Stop, "compaction"),
    ];

    /// <summary>The member that has the name of a reason that opi does not know.</summary>
    public static ReadOnlySpan<byte> DetailMember => "stop_detail"u8;

    /// <summary>The name that opi knows.</summary>
    public static string OfOpi(StopReason reason) =>
        OpiNames[(int)(Details.FirstOrDefault(detail => detail.Reason == reason) is { Name: not null } found ? found.ForOpi : reason)];

    /// <summary>The name that opi does not know; null for one of its five.</summary>
    public static string? Detail(StopReason reason) => Details.FirstOrDefault(detail => detail.Reason == reason).Name;

    /// <summary>The reason by opi's name.</summary>
    public static StopReason Read(JsonString name)
    {
        for (int i = 0; i < OpiNames.Length; i++)
        {
            if (name.Is(OpiNames[i]))
            {
                return (StopReason)i;
            }
        }

        throw new WireException($"unknown stop_reason '{name.ToString()}'");
    }

    /// <summary>The more exact reason of the extra member; opi's where that is not known or does not fit.</summary>
    public static StopReason Refine(StopReason reason, JsonString detail)
    {
        foreach ((StopReason finer, StopReason forOpi, string name) in Details)
        {
            if (forOpi == reason && detail.Is(name))
            {
                return finer;
            }
        }

        return reason;
    }
}
