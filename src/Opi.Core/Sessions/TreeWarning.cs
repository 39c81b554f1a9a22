namespace Opi;

/// <summary>Something in a session's tree that is not as it should be, and was worked around.</summary>
/// <param name="Code">Names it: LeafTargetMissing, ParentMissing, Cycle.</param>
/// <param name="EntryId">The entry.</param>
/// <param name="Message">What was found and what was done.</param>
internal sealed record TreeWarning(string Code, string EntryId, string Message);
