using System.Globalization;

namespace Opi;

/// <summary>
/// The numbers in a session's entry ids. A session counts from 1 and, when it is opened again, from one above the highest number in its
/// file, so an id is never given twice. Numbers have 128 bits: opi's have 64, and larger ones must not wrap.
/// </summary>
internal sealed class EntrySequence
{
    private UInt128 _next = 1;

    public EntrySequence()
    {
    }

    /// <param name="next">The number that comes next.</param>
    public EntrySequence(UInt128 next) => _next = next;

    public EntrySequence(IEnumerable<IndexedEntry> entries)
    {
        foreach (IndexedEntry entry in entries)
        {
            Pass(entry);
        }
    }

    /// <summary>Whether an id's number is above all that were passed, so that nothing of this id or with a reference to it is there.</summary>
    public bool IsNew(string id) => NumberOf(id) >= _next;

    /// <summary>Passes the numbers of an entry.</summary>
    public void Pass(IndexedEntry entry)
    {
        // What an entry refers to and is not there must not come to be a later one.
        Pass(entry.Id);
        Pass(entry.ParentId);
        Pass(entry.Type == EntryType.Leaf ? entry.TargetId : null);
        foreach (string target in entry.TargetIds ?? [])
        {
            Pass(target);
        }
    }

    /// <summary>The next id of a kind, for example msg-7.</summary>
    public string Next(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{_next++}");

    /// <summary>The state to return to when what the ids were for did not happen.</summary>
    public UInt128 Mark() => _next;

    /// <summary>Gives back the ids since the mark.</summary>
    public void Reset(UInt128 mark) => _next = mark;

    private void Pass(string? id)
    {
        UInt128 number = id is null ? 0 : NumberOf(id);
        if (number >= _next)
        {
            _next = number + 1;
        }
    }

    /// <summary>The number after the first dash; 0 when there is none, or when it is impossibly large.</summary>
    internal static UInt128 NumberOf(string id)
    {
        int dash = id.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> text = dash < 0 ? [] : id.AsSpan(dash + 1);
        text = text.StartsWith("+") ? text[1..] : text;
        if (text.Length is > 0 and <= 18 && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong small))
        {
            return small; // nearly all; reading 128 bits is many times slower
        }

        return text.Length > 0 && text.IndexOfAnyExceptInRange('0', '9') < 0
            && UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 number)
            && number < UInt128.MaxValue / 2
                ? number
                : 0;
    }

    /// <summary>The order of ids: by number, then by text; those without a number last.</summary>
    internal static int Compare(string left, string right)
    {
        (UInt128 l, UInt128 r) = (NumberOf(left), NumberOf(right));
        return l == r ? string.CompareOrdinal(left, right)
            : l == 0 ? 1
            : r == 0 ? -1
            : l.CompareTo(r);
    }
}
