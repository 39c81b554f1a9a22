namespace Opi;

/// <summary>What the index file of a session said when it was opened, to compare with the file when that is read.</summary>
/// <param name="Entries">How many entries.</param>
/// <param name="Tip">Where the last entry active begins; null for none.</param>
/// <param name="Next">The number of the next id.</param>
internal readonly record struct OpenedState(int Entries, long? Tip, UInt128 Next);
