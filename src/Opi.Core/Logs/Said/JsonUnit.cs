namespace Opi;

/// <summary>Reads a <c>\uXXXX</c>.</summary>
internal static class JsonUnit
{
    /// <summary>How many bytes it has.</summary>
    public const int Length = 6;

    private static readonly int[] HexDigits = MakeHexDigits();

    /// <summary>The UTF-16 unit that is written here; below 0 where there is none.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="at">The place of the backslash.</param>
    public static int Read(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes.Length - at < Length || bytes[at] != (byte)'\\' || bytes[at + 1] != (byte)'u')
        {
            return -1;
        }

        ReadOnlySpan<byte> digits = bytes.Slice(at + 2, 4);
        int unit = 0;
        foreach (byte digit in digits)
        {
            unit = (unit << 4) | HexDigits[digit]; // a wrong digit makes it negative for good
        }

        return unit;
    }

    private static int[] MakeHexDigits()
    {
        int[] digits = new int[256];
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = char.IsAsciiHexDigit((char)i) ? Convert.ToInt32(((char)i).ToString(), 16) : -1;
        }

        return digits;
    }
}
