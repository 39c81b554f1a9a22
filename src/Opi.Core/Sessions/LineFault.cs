namespace Opi;

/// <summary>A line that could not be read.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record LineFault(long Line, long Offset, long Length, string Reason);
