namespace Opi;

internal sealed record CompactionRequest(string SessionId, CompactionReason Reason, OpiCompactionPolicy Policy)
{
    private const int DefaultBudgetShare = 8;
    private const int DefaultDigestShare = 6;
    private const int LargestBudgetShare = 2;

    /// <summary>The session's model as <c>provider:model</c>; null when not known.</summary>
    public string? Model { get; init; }

    /// <summary>What the context may have in all; null when no window is known.</summary>
    public long? RoomTokens { get; init; }

    /// <summary>Whether a pin keeps the request that the conversation began with, so that it is not among the messages that leave.</summary>
    public bool KeepsFirstRequest { get; init; }

    /// <summary>By which messages are measured, where more than a count of them decides.</summary>
    public ITokenEstimator Estimator { get; init; } = TokenEstimator.Default;

    /// <summary>How much a summary may have.</summary>
    public long BudgetTokens =>
        Policy.BudgetTokens is { } asked
            ? Math.Min(asked, ShareOfRoom(LargestBudgetShare))
            : Policy is { Summarizer: null, Strategy: CompactionStrategy.Digest }
                ? Math.Min(OpiCompactionPolicy.DefaultDigestTokens, ShareOfRoom(DefaultDigestShare))
                : Math.Min(OpiCompactionPolicy.DefaultBudgetTokens, ShareOfRoom(DefaultBudgetShare));

    /// <summary>How much a summariser is given at most.</summary>
    public long MaxInputTokens => Policy.MaxInputTokens ?? TailTokens ?? OpiCompactionPolicy.DefaultMaxInputTokens;

    /// <summary>How many tokens of the context may stay, so that the summary fits too; null for no limit.</summary>
    public long? TailTokens => RoomTokens is { } room ? Math.Max(1, room - BudgetTokens) : null;

    /// <summary>
    /// The same for a context of so many tokens. One that the provider refused says that the estimate is wrong or the window another: half of
    /// it is surely less.
    /// </summary>
    public CompactionRequest For(long contextTokens) =>
        Reason == CompactionReason.Overflow ? this with { RoomTokens = Math.Min(RoomTokens ?? long.MaxValue, contextTokens / 2) } : this;

    private long ShareOfRoom(int share) => RoomTokens is { } room ? Math.Max(1, room / share) : long.MaxValue;
}
