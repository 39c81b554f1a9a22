namespace Opi;

/// <summary>The file is a session of a format version that this Opi does not know. It was not changed.</summary>
internal sealed class UnsupportedFormatVersionException : OpiException
{
    internal UnsupportedFormatVersionException(string path, long version)
        : base(
            $"'{path}' is not a session file that this Opi reads: line 1: format version {version}; it knows versions 1 to "
                + $"{SessionHeader.HighestVersion}. The file was left as it is.",
            path) => Version = version;

    public override string ErrorId => "UnsupportedFormatVersion";

    public long Version { get; }
}
