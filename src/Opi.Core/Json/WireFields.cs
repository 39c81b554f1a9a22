using System.Text;

namespace Opi;

/// <summary>
/// The fields of an object in a file, made from an enum, so that the name and the number of a field are written once. The name in the file
/// is the member's name in snake_case: <c>CacheWrite1hTokens</c> is <c>cache_write_1h_tokens</c>. Members are in the order of the file.
/// </summary>
internal sealed class WireFields
{
    private readonly byte[][] _names;

    private WireFields(string[] members, uint required, int extras)
    {
        _names = [.. members.Select(member => Encoding.UTF8.GetBytes(NameOf(member)))];
        (Required, Extras) = (required, extras);
    }

    /// <summary>A bit for each field that an object must have.</summary>
    public uint Required { get; }

    /// <summary>The number of the first field that only Opi writes. These may be repeated: opi does not look at them.</summary>
    public int Extras { get; }

    public ReadOnlySpan<byte> this[int field] => _names[field];

    /// <summary>Makes the fields.</summary>
    /// <param name="required">Those that an object must have.</param>
    /// <param name="extras">The first of those that only Opi writes; null for none.</param>
    public static WireFields Of<T>(T[] required, T? extras = null)
        where T : struct, Enum
    {
        string[] members = Enum.GetNames<T>();
        return new WireFields(members, Bits(required), extras is { } first ? (int)(object)first : members.Length);
    }

    /// <summary>A bit for each of these fields.</summary>
    public static uint Bits<T>(params T[] fields)
        where T : struct, Enum =>
        fields.Aggregate(0u, (bits, field) => bits | (1u << (int)(object)field));

    /// <summary>The number of the field with a name; the expected one is compared first. -1 when there is none.</summary>
    public int Find(JsonString name, int expected)
    {
        for (int i = expected; i < _names.Length; i++)
        {
            if (name.Is(_names[i]))
            {
                return i;
            }
        }

        for (int i = 0; i < expected; i++)
        {
            if (name.Is(_names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static string NameOf(string member)
    {
        var name = new StringBuilder();
        for (int i = 0; i < member.Length; i++)
        {
            bool isWord = char.IsAsciiLetterUpper(member[i]) || (char.IsAsciiDigit(member[i]) && !char.IsAsciiDigit(member[i - 1]));
            name.Append(i > 0 && isWord ? "_" : "").Append(char.ToLowerInvariant(member[i]));
        }

        return name.ToString();
    }
}
