namespace Opi;

/// <summary>A file system does not lock files, so that nothing is known of who else writes.</summary>
internal sealed class NoLocksException : IOException
{
    public NoLocksException(int error)
        : base($"its file system does not lock files: {new System.ComponentModel.Win32Exception(error).Message}", error)
    {
    }
}
