namespace Opi.PowerShell;

/// <summary>A file holds something else than it was named for.</summary>
internal sealed class InvalidFileException(string message) : Exception(message);
