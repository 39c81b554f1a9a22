namespace Opi;

/// <summary>
/// A filter of the groups of three characters in a text, as bits of their hash: a literal that does not pass is not in
/// the text. This saves a pass over the text for each of many literals.
/// </summary>
internal readonly struct TextTrace
{
    private const int Width = 3;
    private const int Words = 1024; // of 64 bits
    private const int ShortText = 256;

    private readonly ulong[]? _bits; // null where nothing is known

    private TextTrace(ulong[]? bits) => _bits = bits;

    /// <summary>The trace of a text; of a short one nothing, which is faster.</summary>
    public static TextTrace Of(string text)
    {
        // These four letters equal letters of ASCII where case does not count.
        if (text.Length < ShortText || text.AsSpan().IndexOfAny("\u0130\u0131\u017F\u212A") >= 0)
        {
            return default;
        }

        ulong[] bits = new ulong[Words];
        uint two = (Fold(text[0]) << 8) ^ Fold(text[1]);
        for (int i = 2; i < text.Length; i++)
        {
            uint three = (two << 8) ^ Fold(text[i]);
            uint bit = Hash(three);
            bits[bit >> 6] |= 1UL << (int)(bit & 63);
            two = three & 0xFFFF;
        }

        return new TextTrace(bits);
    }

    /// <summary>Whether an ASCII literal may be in the text, in any case.</summary>
    public bool MayHold(string literal)
    {
        if (_bits is null)
        {
            return true;
        }

        for (int i = 0; i + Width <= literal.Length; i++)
        {
            uint bit = Hash((((Fold(literal[i]) << 8) ^ Fold(literal[i + 1])) << 8) ^ Fold(literal[i + 2]));
            if ((_bits[bit >> 6] & (1UL << (int)(bit & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Eight bits of a character, the same for both cases of a letter of ASCII.</summary>
    private static uint Fold(char c) => (c | 0x20u) & 0xFF;

    private static uint Hash(uint three) => ((three & 0xFFFFFF) * 0x9E3779B1) >> 16;
}
