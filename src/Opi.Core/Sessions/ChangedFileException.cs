namespace Opi;

/// <summary>Another program changed a session's file while it was open here.</summary>
internal sealed class ChangedFileException(string message) : IOException(message);
