namespace Opi;

/// <summary>
/// A block that Opi has no type for, kept whole in its place: a search that ran at the provider and its results, a compaction of the
/// provider's, an audio. Its own provider gets it back as it came; every other one gets <see cref="StandIn"/>.
/// </summary>
/// <param name="Kind">The provider's name of the block, for example web_search_tool_result.</param>
/// <param name="StandIn">
/// A short text in its place, for example <c>[web_search: opi powershell]</c>; empty for a block that means nothing to others.
/// </param>
/// <param name="Data">The block.</param>
public sealed record OpaqueContent(string Kind, string StandIn, ProviderData Data) : IAssistantContent, IInputContent
{
    /// <inheritdoc cref="IInputContent.Type"/>
    public string Type => "opaque";

    /// <summary>The text in its place, or its kind.</summary>
    public override string ToString() => StandIn.Length > 0 ? StandIn : $"[{Kind}]";

    bool IInputContent.IsKnownKind => true;

    bool IAssistantContent.IsKnownKind => true;
}
