namespace Opi;

/// <summary>What is active once an entry is made the tip of the conversation.</summary>
/// <param name="Tip">The entry.</param>
/// <param name="Branch">The place of its stretch among the known ones.</param>
/// <param name="Runs">The conversation up to it.</param>
/// <param name="Chain">What that adds up to.</param>
/// <param name="Tokens">Its tokens, with those of failed compactions.</param>
/// <param name="ContextCount">How many messages the context has.</param>
/// <param name="Model">The model; null for none.</param>
/// <param name="Metadata">What the metadata says.</param>
internal sealed record BranchSwitch(
    IndexedEntry Tip,
    int Branch,
    List<ContentRun> Runs,
    ChainState Chain,
    CumulativeUsage Tokens,
    int ContextCount,
    string? Model,
    SessionMetadata Metadata);
