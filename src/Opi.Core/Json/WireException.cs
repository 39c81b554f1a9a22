namespace Opi;

/// <summary>Bytes that are not what the session format asks for. Caught where a line is judged; never leaves the library.</summary>
internal class WireException(string message) : Exception(message);

/// <summary>A header of a version that this library does not read.</summary>
internal sealed class UnknownVersionException(long version) : WireException($"format version {version}")
{
    public long Version { get; } = version;
}
