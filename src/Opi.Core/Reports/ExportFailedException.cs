namespace Opi;

/// <summary>A file could not be exported. There is no new file, and an existing one is unchanged.</summary>
internal sealed class ExportFailedException : OpiException
{
    internal ExportFailedException(string path, string reason, Exception? inner = null)
        : base($"Nothing was written to '{path}': {reason}", path, inner)
    {
    }

    /// <inheritdoc/>
    public override string ErrorId => "ExportFailed";

    /// <summary>The choice that would have replaced the file; null where none would.</summary>
    public Overwrite? Needs { get; internal init; }
}
