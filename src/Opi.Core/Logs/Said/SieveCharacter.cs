namespace Opi;

/// <summary>A character of a text that is looked for.</summary>
/// <param name="At">Where its bytes begin in those of the text.</param>
/// <param name="Length">How many bytes it has, in each of its spellings.</param>
/// <param name="Spellings">All characters that are the same: one, or more where case does not count.</param>
internal readonly record struct SieveCharacter(int At, int Length, char[] Spellings);
