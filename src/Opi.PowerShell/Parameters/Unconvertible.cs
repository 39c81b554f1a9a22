namespace Opi.PowerShell;

/// <summary>
/// A value that a parameter cannot take. PowerShell cannot convert it: an error on the command line; a member of an object from
/// the pipeline is then not bound, and the cmdlet decides what the object is.
/// </summary>
internal sealed class Unconvertible(object? value)
{
    /// <summary>The value where it is text, else its type.</summary>
    public override string ToString() => value as string ?? (value is null ? "" : TypeText.Of(value.GetType()));
}
