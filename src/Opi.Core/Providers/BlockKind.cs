namespace Opi;

/// <summary>What becomes of one kind of block of a provider: the rows of the tables in docs/providers.md.</summary>
/// <param name="Kind">The provider's name of it.</param>
/// <param name="Kept">What it is in a message: text, thinking, call, result, image, document, opaque, data, or no.</param>
/// <param name="SentBack">How its own provider gets it back.</param>
/// <param name="StandIn">What every other provider gets in its place.</param>
internal sealed record BlockKind(string Kind, string Kept, string SentBack, string StandIn);
