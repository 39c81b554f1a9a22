namespace Opi;

/// <summary>Bytes that are not what the session format asks for. Caught where a line is judged; never leaves the library.</summary>
internal class WireException(string message) : Exception(message);
