namespace Opi;

/// <summary>What becomes of one kind of block of a provider's replies: a row of the table in docs/providers.md.</summary>
/// <param name="Kind">The provider's name of it.</param>
/// <param name="Kept">What it is in a message.</param>
/// <param name="SentBack">What its own provider gets back.</param>
/// <param name="StandIn">What every other provider gets in its place.</param>
internal sealed record BlockKind(string Kind, string Kept, string SentBack, string StandIn);
