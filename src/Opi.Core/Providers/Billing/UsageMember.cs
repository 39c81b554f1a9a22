namespace Opi;

/// <summary>A member that a provider's usage can have.</summary>
/// <param name="Path">
/// Its place in the usage, with points between the names; lists are passed through. <c>x.*</c> is all below x, and <c>*_x</c> any member whose
/// name ends so, at any place.
/// </param>
/// <param name="Class">What it means for the bill.</param>
internal readonly record struct UsageMember(string Path, MemberClass Class);
