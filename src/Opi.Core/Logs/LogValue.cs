using System.Buffers.Text;

namespace Opi;

/// <summary>
/// A JSON value of another program's log, in the bytes of the line. Members are looked up in the bytes, without a tree: the values that
/// are read of a line are few.
/// </summary>
internal readonly ref struct LogValue(ReadOnlySpan<byte> raw)
{
    /// <summary>Its bytes; empty when there is no such value.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => Raw.Length > 0 && Raw[0] == (byte)'{';

    /// <summary>Whether it is an array.</summary>
    public bool IsArray => Raw.Length > 0 && Raw[0] == (byte)'[';

    /// <summary>Whether it is a string.</summary>
    public bool IsText => Raw.Length > 0 && Raw[0] == (byte)'"';

    /// <summary>Whether it is true.</summary>
    public bool IsTrue => Raw.SequenceEqual("true"u8);

    /// <summary>The text of a string; null when it is not one, or empty.</summary>
    public string? Text => IsText && String is { Raw.IsEmpty: false } text ? LogText.Read(text) : null;

    /// <summary>The text of a string for people to read, with all its escapes decoded; empty when it is not a string.</summary>
    public string Said => IsText ? LogText.Decode(String) : "";

    /// <summary>A time in ISO 8601, or in a number since 1970; null when it is not one.</summary>
    public DateTimeOffset? Time => IsText ? LogText.ReadTime(String) : UnixTime;

    /// <summary>A time in a number since 1970, of which the size shows the unit; null when it is not one.</summary>
    public DateTimeOffset? UnixTime => IsText ? LogText.ReadTime(String) : LogText.ReadUnixTime(Raw);

    /// <summary>An amount of money; null when it is not a number.</summary>
    public decimal? Money => LogText.ReadMoney(Raw);

    /// <summary>A number; null when it is not one.</summary>
    public double? Number => Utf8Parser.TryParse(Raw, out double number, out int used) && used == Raw.Length ? number : null;

    /// <summary>The members of an object, in their order; none for any other value.</summary>
    public LogMembers Members => new(Raw);

    /// <summary>The elements of an array, in their order; none for any other value.</summary>
    public LogElements Elements => new(Raw);

    private JsonString String => new JsonCursor(Raw, lenient: true).ReadString();

    /// <summary>The member with that name, the last if there are two; an empty value when there is none.</summary>
    public LogValue this[ReadOnlySpan<byte> name]
    {
        get
        {
            LogValue found = default;
            foreach (LogMember member in Members)
            {
                if (member.Name.Is(name))
                {
                    found = member.Value;
                }
            }

            return found;
        }
    }

    /// <summary>Whether it is this string.</summary>
    public bool Is(ReadOnlySpan<byte> text) => IsText && String.Is(text);
}
