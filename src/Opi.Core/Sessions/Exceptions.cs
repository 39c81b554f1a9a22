namespace Opi;

/// <summary>The errors of this library. Each names what is wrong, which item, and what to do, in one line.</summary>
public abstract class OpiException : Exception
{
    private protected OpiException(string message, string target, Exception? inner = null)
        : base(message, inner) => Target = target;

    /// <summary>The item it is about: a session's id or a path.</summary>
    public string Target { get; }
}

/// <summary>There is no such session.</summary>
public sealed class SessionNotFoundException : OpiException
{
    internal SessionNotFoundException(string target, string message)
        : base(message, target)
    {
    }

    internal static SessionNotFoundException ForId(string id, string folder) =>
        new(id, $"No session '{id}' in '{folder}'. Get-OpiSession lists the ids there; use -Folder or OPI_SESSIONS_DIR for another folder.");

    /// <summary>There is no such file.</summary>
    public static SessionNotFoundException ForPath(string path) =>
        new(path, $"No session file '{path}'.");

    /// <summary>The folder has no session.</summary>
    public static SessionNotFoundException NoneIn(string folder) =>
        new(folder, $"No session in '{folder}'. New-OpiSession creates one; use -Folder or OPI_SESSIONS_DIR for another folder.");
}

/// <summary>The text cannot be a session's id, because it cannot be a file's name on every system.</summary>
public sealed class InvalidSessionIdException : OpiException
{
    internal InvalidSessionIdException(string id, string reason)
        : base($"'{id}' cannot be a session id: {reason}. Give an id as Get-OpiSession shows it, or a path.", id)
    {
    }
}

/// <summary>The file is not a session that this version reads. It was not changed.</summary>
public sealed class InvalidSessionFileException : OpiException
{
    internal InvalidSessionFileException(string path, long line, string reason, Exception? inner = null)
        : base($"'{path}' is not a session file that this Opi reads: line {line}: {reason}. The file was left as it is.", path, inner)
    {
        Line = line;
        Reason = reason;
    }

    /// <summary>The line, counted from 1.</summary>
    public long Line { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }
}

/// <summary>Somebody else has the session open for writing.</summary>
public sealed class SessionLockedException : OpiException
{
    internal SessionLockedException(string path, int? processId)
        : base(Describe(path, processId), path) => ProcessId = processId;

    /// <summary>The process that holds it; null when not known.</summary>
    public int? ProcessId { get; }

    private static string Describe(string path, int? processId)
    {
        string holder = processId switch
        {
            null => "another process",
            { } id when id == Environment.ProcessId => $"this process ({id})",
            { } id => $"process {id}",
        };
        string remedy = processId == Environment.ProcessId ? "Get-OpiSession -Open gives it; Close-OpiSession closes it." : "Close it there with Close-OpiSession; reading it stays possible.";
        return $"The session '{path}' is open for writing in {holder}. {remedy}";
    }
}

/// <summary>Something could not be written. The session is as it was before, and so is its file, unless the message says otherwise.</summary>
public sealed class SessionWriteException : OpiException
{
    internal SessionWriteException(string path, string reason, Exception? inner = null)
        : this($"Nothing was added to the session '{path}': {reason}", inner, path)
    {
    }

    private SessionWriteException(string message, Exception? inner, string target)
        : base(message, target, inner)
    {
    }

    internal static SessionWriteException NotUndone(string path, string reason, Exception error) =>
        new($"Writing to the session '{path}' failed, and so did taking it back: {reason} What was written may be in the file or not: close the session, open it again with Resume-OpiSession, and look.", error, path);

    internal static SessionWriteException Exists(string path) =>
        new($"The file '{path}' exists. Give another -Destination, or -Force to replace it.", null, path);

    internal static SessionWriteException SameFile(string path) =>
        new($"A repair does not change its source '{path}': give another -Destination.", null, path);

    internal static SessionWriteException NotCreated(string folder, Exception error) =>
        new($"No session was created in '{folder}': {error.Message}", error, folder);
}

/// <summary>A message holds something that the file format cannot. Nothing was written.</summary>
public sealed class InvalidEntryException : OpiException
{
    internal InvalidEntryException(string path, string reason, Exception inner)
        : base($"Nothing was added to the session '{path}': a message holds what its file cannot: {reason.TrimEnd('.')}.", path, inner)
    {
    }
}

/// <summary>The session was closed.</summary>
public sealed class SessionClosedException : OpiException
{
    internal SessionClosedException(string id)
        : base($"The session '{id}' is closed. Resume-OpiSession opens it again.", id)
    {
    }
}

/// <summary>A compaction failed and changed nothing.</summary>
public sealed class CompactionFailedException : OpiException
{
    /// <summary>Says why.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">A sentence.</param>
    /// <param name="inner">What was caught.</param>
    public CompactionFailedException(string sessionId, string reason, Exception? inner = null)
        : base($"The compaction of session '{sessionId}' failed: {reason} The session was left as it is.", sessionId, inner)
    {
    }
}

/// <summary>There is no such entry in the session's conversation.</summary>
public sealed class EntryNotFoundException : OpiException
{
    private const int NearCount = 5;

    internal EntryNotFoundException(string sessionId, string entryId, SessionTree tree)
        : base(Describe(sessionId, entryId, tree), entryId)
    {
    }

    private static string Describe(string sessionId, string entryId, SessionTree tree)
    {
        IReadOnlyList<string> near = tree.NearIds(entryId, NearCount);
        return $"The session '{sessionId}' has no message or compaction '{entryId}'"
            + (near.Count > 0 ? $"; near it are {string.Join(", ", near)}. Get-OpiEntry lists all." : ": it is empty.");
    }
}

/// <summary>The file is a session of a format version that this Opi does not know. It was not changed.</summary>
public sealed class UnsupportedFormatVersionException : OpiException
{
    internal UnsupportedFormatVersionException(string path, long version)
        : base($"'{path}' is not a session file that this Opi reads: line 1: format version {version}; it knows versions 1 to {SessionHeader.HighestVersion}. The file was left as it is.", path) => Version = version;

    /// <summary>The version that was found.</summary>
    public long Version { get; }
}

/// <summary>A file could not be exported. There is no new file, and one that was there is as it was.</summary>
public sealed class ExportFailedException : OpiException
{
    internal ExportFailedException(string path, string reason, Exception? inner = null)
        : base($"Nothing was written to '{path}': {reason}", path, inner)
    {
    }
}

/// <summary>A file of prices is not as it must be. Nothing of it is in force, and what was in force before stays.</summary>
public sealed class InvalidPriceFileException : OpiException
{
    internal InvalidPriceFileException(string path, string? entry, string reason, Exception? inner = null)
        : base($"'{path}' is not a price file that this Opi reads: {(entry is null ? "" : $"{entry}: ")}{reason}. Nothing of it is in force.", path, inner) => Entry = entry;

    /// <summary>The entry that is wrong; null when it is the file as a whole.</summary>
    public string? Entry { get; }
}
