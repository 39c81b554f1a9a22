namespace Opi;

/// <summary>A byte of a text that is looked for, in its one or two spellings.</summary>
/// <param name="One">A spelling.</param>
/// <param name="Other">The other one; the same where there is only one.</param>
internal readonly record struct SieveByte(byte One, byte Other)
{
    /// <summary>Whether a byte is it.</summary>
    public bool Is(byte value) => value == One || value == Other;
}
