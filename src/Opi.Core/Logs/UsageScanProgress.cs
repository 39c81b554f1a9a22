namespace Opi;

/// <summary>How far a scan is.</summary>
/// <param name="PartsRead">How many files, or parts of large files, were read.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="BytesRead">How many bytes were read.</param>
/// <param name="Bytes">How many there are.</param>
public sealed record UsageScanProgress(int PartsRead, int Parts, long BytesRead, long Bytes);
