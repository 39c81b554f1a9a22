using System.Collections.Immutable;
using System.Globalization;

namespace Opi;

/// <summary>
/// What a reader does not understand of a usage: members with a number, which may be billed, and invalid values. Nothing is kept, and
/// nothing allocated, if there is none.
/// </summary>
internal struct UnknownMembers
{
    private const int MaxReasons = 20;
    private const int LongestValue = 40;
    private const int LongestName = 60;

    /// <summary>The ends of names of timings and the like, which are not billed.</summary>
    private static readonly string[] FreeEnds = ["_time", "_duration", "_ms", "_per_second", "latencyMs"];

    private List<string>? _reasons;

    /// <summary>Whether there is any.</summary>
    public readonly bool Any => _reasons is not null;

    /// <summary>
    /// Whether some of it may be billed although the counts are 0. A member whose very name is broken is damage, and no amount by itself.
    /// </summary>
    public bool HasAmount { get; private set; }

    /// <summary>Whether a count is invalid. If all others are 0 the line has no usage and is skipped.</summary>
    public bool HasBadCount { get; private set; }

    /// <summary>The reasons, as <c>member=value</c> or <c>member: reason</c>.</summary>
    public readonly ImmutableArray<string> ToReasons() => _reasons is null ? [] : [.. _reasons];

    /// <summary>Adds a reason.</summary>
    public void Add(string reason)
    {
        _reasons ??= [];
        if (_reasons.Count < MaxReasons && !_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }

    /// <summary>Adds the unknown members of another object.</summary>
    public void Add(UnknownMembers other)
    {
        foreach (string reason in other._reasons ?? [])
        {
            Add(reason);
        }

        HasAmount |= other.HasAmount;
        HasBadCount |= other.HasBadCount;
    }

    /// <summary>Reads the value of a member that is not known.</summary>
    /// <param name="place">What the member is in, with a point at its end; empty for the usage itself.</param>
    /// <param name="name">The member.</param>
    /// <param name="json">At its value.</param>
    public void Read(string place, JsonString name, ref JsonCursor json)
    {
        if (json.TryReadNull())
        {
            return;
        }

        if (json.AtString())
        {
            json.Skip(); // a word is not an amount
            return;
        }

        bool isText = LogText.TryRead(name, out string text);
        ReadValue(place + Short(text, LongestName), isText, ref json);
    }

    /// <summary>Reads a count of tokens. An invalid one is noted, and counts as 0.</summary>
    public long ReadCount(string place, JsonString name, ref JsonCursor json)
    {
        ReadOnlySpan<byte> value = json.Skip();
        if (LogText.TryReadTokens(value, out long tokens))
        {
            return tokens;
        }

        HasBadCount = true;
        Add(place + LogText.Read(name), value);
        return 0;
    }

    /// <summary>Adds the reason why a count is invalid, which counts as 0.</summary>
    public void AddBadCount(string reason)
    {
        HasBadCount = true;
        Add(reason);
    }

    /// <summary>Adds a value that is not known.</summary>
    public void Add(string member, ReadOnlySpan<byte> value) =>
        Add($"{member}={Short(System.Text.Encoding.UTF8.GetString(value), LongestValue)}");

    /// <summary>Notes when a part is larger than its whole.</summary>
    public void CheckPart(string member, long part, long whole)
    {
        if (part > whole)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{member}: {part} is more than the {whole} that it is a part of"));
        }
    }

    /// <summary>Notes when a total, if there is one, is not the sum of its parts.</summary>
    public void CheckTotal(string member, long? total, long sum)
    {
        if (total is > 0 and var given && given != sum)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{member}: {given} is not the sum of its parts, {sum}"));
        }
    }

    private void ReadValue(string path, bool isText, ref JsonCursor json)
    {
        if (json.AtObject())
        {
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                Read(path + ".", name, ref json);
            }

            return;
        }

        if (json.AtArray())
        {
            json.BeginArray();
            while (json.NextElement())
            {
                if (json.AtString())
                {
                    json.Skip();
                }
                else
                {
                    ReadValue(path, isText, ref json);
                }
            }

            return;
        }

        ReadOnlySpan<byte> value = json.Skip();
        bool isNumber = value[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9');
        if (isNumber && !(LogText.TryReadTokens(value, out long number) && number == 0) && !IsFree(path))
        {
            HasAmount |= isText;
            Add(path, value);
        }
    }

    private static bool IsFree(string path) => Array.Exists(FreeEnds, end => path.EndsWith(end, StringComparison.Ordinal));

    private static string Short(string text, int length) => string.Concat(
        (text.Length > length ? text[..length] + "..." : text).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
}
