namespace Opi;

/// <summary>A header of a version that this library does not read.</summary>
internal sealed class UnknownVersionException(long version) : WireException($"format version {version}")
{
    public long Version { get; } = version;
}
