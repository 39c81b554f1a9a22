using System.Text;

namespace Opi;

/// <summary>
/// The part of a text that raw bytes are searched for: characters in a row that no short escape can spell, and the characters that could
/// be written as <c>\uXXXX</c> in it.
/// </summary>
internal sealed class SieveRun
{
    /// <summary>How many bytes in 10,000 of agents' logs are which, the common ones first; all others count as 2.</summary>
    private const string Common = "te \"nsirao\\cl:dmpu,g/hf0-1_2.4yk5b369w78T{}EC()vSx=DIRUANPF[]LBzMOZqHWGjVY`+XKJQ*";

    private static readonly int[] Frequencies =
    [
        723, 706, 598, 545, 515, 422, 398, 391, 377, 367, 321, 249, 243, 207, 204, 182, 180, 177, 174, 144, 141, 130, 117, 109, 108, 105, 104, 101,
        95, 75, 73, 73, 65, 65, 64, 60, 59, 56, 56, 55, 54, 51, 51, 47, 46, 45, 45, 45, 42, 42, 39, 39, 32, 32, 31, 30, 24, 22, 22, 20, 20, 18, 18,
        16, 16, 16, 16, 15, 15, 14, 14, 12, 12, 11, 10, 10, 10, 9, 9, 8, 8,
    ];

    private const string ShortEscapes = "\"/bfnrt";

    private readonly SieveCharacter[] _characters;
    private readonly ulong[] _spelled = new ulong[1 << 10]; // a bit for each UTF-16 unit

    private SieveRun(List<SieveByte> bytes, List<SieveCharacter> characters)
    {
        Bytes = [.. bytes];
        _characters = [.. characters];
        (First, Second) = Rarest(Bytes);
        foreach (char c in characters.SelectMany(character => character.Spellings))
        {
            _spelled[c >> 6] |= 1UL << (c & 63);
        }

        for (char c = '0'; c <= 'z'; c++)
        {
            if (IsOfEscape(c))
            {
                _spelled[c >> 6] |= 1UL << (c & 63);
            }
        }
    }

    /// <summary>The bytes, in UTF-8.</summary>
    public SieveByte[] Bytes { get; }

    /// <summary>Which of them are compared first: the rarest.</summary>
    public int First { get; }

    /// <summary>The other one, not before <see cref="First"/>.</summary>
    public int Second { get; }

    /// <summary>Whether a unit that is written as <c>\uXXXX</c> may be a part of it, or a part of such an escape.</summary>
    public bool MayBeSpelled(int unit) => (_spelled[unit >> 6] >> (unit & 63) & 1) != 0;

    /// <summary>Whether a part of the text may go on behind an escape.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="at">The end of the escape.</param>
    /// <param name="unit">What it spells, for which <see cref="MayBeSpelled"/> holds.</param>
    public bool MayGoOn(ReadOnlySpan<byte> bytes, int at, int unit)
    {
        if (IsOfEscape(unit))
        {
            return true;
        }

        for (int i = 0; i < _characters.Length; i++)
        {
            if (_characters[i].Spellings.Contains((char)unit) && MayGoOn(bytes, at, _characters.AsSpan(i + 1)))
            {
                return true;
            }
        }

        return false;
    }

    private bool MayGoOn(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<SieveCharacter> rest)
    {
        foreach (SieveCharacter character in rest)
        {
            int escape = at;
            while (at < bytes.Length && bytes[at] == (byte)'\\')
            {
                at++; // more than one where JSON is in a text of JSON
            }

            if (at > escape)
            {
                int unit = JsonUnit.Read(bytes, at - 1);
                if (unit < 0)
                {
                    return at < bytes.Length && !ShortEscapes.Contains((char)bytes[at], StringComparison.Ordinal); // is no escape
                }

                if (!character.Spellings.Contains((char)unit))
                {
                    return IsOfEscape(unit);
                }

                at += JsonUnit.Length - 1;
            }
            else
            {
                int length = character.Length;
                if (bytes.Length - at < length)
                {
                    return false;
                }

                for (int i = 0; i < length; i++)
                {
                    if (!Bytes[character.At + i].Is(bytes[at + i]))
                    {
                        return false;
                    }
                }

                at += length;
            }
        }

        return true;
    }

    /// <summary>A writer that escapes letters and digits can escape an escape too: then the line is decoded at any depth.</summary>
    private static bool IsOfEscape(int unit) => unit == '\\' || (unit < 0x80 && char.IsAsciiLetterOrDigit((char)unit));

    /// <summary>The best run of a text; null when no run can be recognised by its bytes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="caseSensitive">Whether upper and lower case differ.</param>
    public static SieveRun? Of(string text, bool caseSensitive)
    {
        SieveRun? best = null;
        double rarity = double.MaxValue;
        var bytes = new List<SieveByte>();
        var characters = new List<SieveCharacter>();
        foreach (char c in text)
        {
            if (!TryAdd(c, caseSensitive, bytes, characters))
            {
                End();
            }
        }

        End();
        return best;

        void End()
        {
            if (bytes.Count > 0)
            {
                var run = new SieveRun(bytes, characters);
                double own = run.First == run.Second ? FrequencyOf(run.Bytes[run.First]) * 10_000.0
                    : (double)FrequencyOf(run.Bytes[run.First]) * FrequencyOf(run.Bytes[run.Second]);
                if (own < rarity)
                {
                    (best, rarity) = (run, own);
                }
            }

            bytes.Clear();
            characters.Clear();
        }
    }

    /// <summary>All characters that are the same as one where case does not count.</summary>
    public static IReadOnlyList<char> Spellings(char c)
    {
        if (char.IsAscii(c))
        {
            return char.IsAsciiLetter(c) ? [char.ToUpperInvariant(c), char.ToLowerInvariant(c)] : [c];
        }

        var same = new List<char>();
        Span<char> other = stackalloc char[1];
        ReadOnlySpan<char> one = [c];
        for (int i = 0x80; i <= char.MaxValue; i++)
        {
            other[0] = (char)i;
            if (!char.IsSurrogate(other[0]) && one.Equals(other, StringComparison.OrdinalIgnoreCase))
            {
                same.Add(other[0]);
            }
        }

        return same;
    }

    /// <summary>
    /// Adds a character. False when it ends a run: it has a short escape, means any white space, is half of a pair, or its spellings do
    /// not have the same length. A colon may be the one that <see cref="LogLeaves"/> writes behind a name, which is not in the file.
    /// </summary>
    private static bool TryAdd(char c, bool caseSensitive, List<SieveByte> bytes, List<SieveCharacter> characters)
    {
        if (c is '"' or '\\' or '/' or ':' || char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c))
        {
            return false;
        }

        IReadOnlyList<char> spellings = caseSensitive ? [c] : Spellings(c);
        byte[][] coded = [.. spellings.Select(spelling => Encoding.UTF8.GetBytes(spelling.ToString()))];
        if (Array.Exists(coded, code => code.Length != coded[0].Length))
        {
            return false;
        }

        var added = new List<SieveByte>();
        for (int i = 0; i < coded[0].Length; i++)
        {
            byte[] distinct = [.. coded.Select(code => code[i]).Distinct()];
            if (distinct.Length > 2)
            {
                return false;
            }

            added.Add(new SieveByte(distinct[0], distinct[^1]));
        }

        characters.Add(new SieveCharacter(bytes.Count, added.Count, [.. spellings]));
        bytes.AddRange(added);
        return true;
    }

    private static (int First, int Second) Rarest(SieveByte[] bytes)
    {
        int[] order = [.. Enumerable.Range(0, bytes.Length).OrderBy(i => FrequencyOf(bytes[i]))];
        return bytes.Length == 1 ? (0, 0) : (Math.Min(order[0], order[1]), Math.Max(order[0], order[1]));
    }

    private static int FrequencyOf(SieveByte value) => FrequencyOf(value.One) + (value.One == value.Other ? 0 : FrequencyOf(value.Other));

    private static int FrequencyOf(byte value) => Common.IndexOf((char)value, StringComparison.Ordinal) is >= 0 and var at ? Frequencies[at] : 2;
}
