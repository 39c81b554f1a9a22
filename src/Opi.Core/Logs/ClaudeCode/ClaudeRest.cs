namespace Opi;

/// <summary>Values that few responses have.</summary>
/// <param name="RequestId">The request, where the message's id does not tell responses apart.</param>
/// <param name="Billing">What the bill depends on beside the counts.</param>
/// <param name="LoggedCost">The cost that the log has.</param>
/// <param name="Advisors">Other models that were asked within the response.</param>
internal sealed record ClaudeRest(string? RequestId, BillingDetails? Billing, decimal? LoggedCost, IReadOnlyList<ClaudePass> Advisors)
{
    /// <summary>The values of a draft; null when it has none of them.</summary>
    public static ClaudeRest? Of(ClaudeDraft draft) =>
        draft is { RequestId: null, Billing: null, LoggedCost: null, Advisors.Count: 0 }
            ? null
            : new ClaudeRest(draft.RequestId, draft.Billing, draft.LoggedCost, draft.Advisors);
}
