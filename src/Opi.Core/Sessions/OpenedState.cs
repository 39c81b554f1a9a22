namespace Opi;

/// <summary>What the index beside a session said when it was opened, to be held against the file when that is read.</summary>
/// <param name="Entries">How many entries.</param>
/// <param name="Tip">Where the last entry active begins; null for none.</param>
/// <param name="Next">The number of the next id.</param>
internal readonly record struct OpenedState(int Entries, long? Tip, UInt128 Next);
