namespace Opi;

/// <summary>A note of one response.</summary>
internal sealed record CodexRecord(DateTimeOffset? Time, string ResponseId, CodexTokens Usage, CodexTokens? ThreadTotal, CodexContext Context);
