namespace Opi;

/// <summary>A note of one response.</summary>
/// <param name="Time">When it was noted; null when not known.</param>
/// <param name="ResponseId">The response.</param>
/// <param name="Usage">Its counts.</param>
/// <param name="ThreadTotal">The running total after it; null when not known.</param>
/// <param name="Context">What holds for it.</param>
/// <param name="At">How many counts are before it in the file.</param>
/// <param name="Unknown">What of it is not understood.</param>
internal sealed record CodexRecord(
    DateTimeOffset? Time,
    string ResponseId,
    CodexTokens Usage,
    CodexTokens? ThreadTotal,
    CodexContext Context,
    int At,
    UnknownMembers Unknown = default);
