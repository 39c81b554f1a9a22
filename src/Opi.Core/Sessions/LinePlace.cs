namespace Opi;

/// <summary>The place of a line.</summary>
/// <param name="Line">Its number, counted from 1 (the header).</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">Its length in bytes, without its LF.</param>
internal readonly record struct LinePlace(long Line, long Offset, int Length)
{
    public static LinePlace Of(IndexedEntry entry) => new(entry.Line, entry.Offset, entry.Length);
}
