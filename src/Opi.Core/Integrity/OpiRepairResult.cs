namespace Opi;

/// <summary>What a repair made.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Source">The damaged file; it was not changed.</param>
/// <param name="Path">The new file.</param>
/// <param name="EntriesKept">How many entries it has.</param>
/// <param name="EntriesRelinked">How many of them got the parent before the damage, because their own was lost in it.</param>
/// <param name="HeaderRebuilt">Whether the header was lost and had to be rebuilt.</param>
/// <param name="LeftOut">The pieces that are not entries, with place and reason.</param>
public sealed record OpiRepairResult(
    string SessionId, string Source, string Path, int EntriesKept, int EntriesRelinked, bool HeaderRebuilt, IReadOnlyList<LineFault> LeftOut)
{
    private readonly ValueList<LineFault> _leftOut = new(LeftOut);

    /// <summary>The pieces that are not entries, with place and reason.</summary>
    public IReadOnlyList<LineFault> LeftOut { get => _leftOut.Items; init => _leftOut = new(value); }

    /// <summary>How many of them had half a character or bytes that are not text, which U+FFFD replaces.</summary>
    public int EntriesMended { get; init; }
}
