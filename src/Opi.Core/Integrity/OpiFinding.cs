namespace Opi;

/// <summary>Something in a session file that is not as it should be.</summary>
/// <param name="Path">The file.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">Names it.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Offset">Where the line begins, in bytes.</param>
/// <param name="EntryId">The entry, where there is one.</param>
/// <param name="Message">What it is.</param>
public sealed record OpiFinding(string Path, FindingSeverity Severity, string Code, long Line, long Offset, string? EntryId, string Message);
