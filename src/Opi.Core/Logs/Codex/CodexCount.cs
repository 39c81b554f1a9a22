namespace Opi;

/// <summary>A note of the running total, with the last response's own counts where they are told.</summary>
internal sealed record CodexCount(DateTimeOffset? Time, CodexTokens? Total, CodexTokens? Last, CodexContext Context);
