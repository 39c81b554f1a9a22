namespace Opi;

/// <summary>A pattern of names that cannot be read.</summary>
internal sealed class InvalidWildcardException : OpiException
{
    internal InvalidWildcardException(string pattern, string reason)
        : base($"'{pattern}' is not a pattern: {reason}. A backtick before *, ?, [ or ] makes it mean itself.", pattern)
    {
    }

    public override string ErrorId => "InvalidWildcard";
}
