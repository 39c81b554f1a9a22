namespace Opi;

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

    /// <inheritdoc/>
    public override string ErrorId => LacksLocks ? "LocksNotSupported" : "SessionWriteFailed";

    /// <summary>Whether the reason is that the file system does not lock files, which a session can be opened without.</summary>
    public bool LacksLocks { get; private init; }

    /// <summary>Whether the session has to be closed and opened again, because its file has changed.</summary>
    internal bool HasToReopen { get; init; }

    /// <summary>Whether a repair would have to replace a file that exists.</summary>
    internal bool IsExisting { get; private init; }

    /// <summary>Whether a repair would have to replace the file that it reads.</summary>
    internal bool IsOwnSource { get; private init; }

    internal static SessionWriteException WithoutLocks(string path, NoLocksException error) =>
        new(path, error.Message + ".", error) { LacksLocks = true };

    internal static SessionWriteException Kept(string path, string reason, long from, long to, Exception? cause)
    {
        string bytes = FormattableString.Invariant($"Bytes {from} to {to} hold what it wrote, and may hold a part of the turn.");
        return new(
            $"The turn was not added to the session '{path}': {reason} Another program wrote to the file at the same moment, so nothing was "
                + $"cut off. {bytes} Close the session and look.",
            cause,
            path) { HasToReopen = true };
    }

    internal static SessionWriteException NotUndone(string path, string reason, Exception error) =>
        new(
            $"Writing to the session '{path}' failed, and so did taking it back: {reason} What was written may be in the file or not: close the "
                + $"session, open it again, and look.",
            error,
            path) { HasToReopen = true };

    internal static SessionWriteException NotReplaced(string path, string what) =>
        new($"The file '{path}' is {what}, which a repair does not replace.", null, path);

    internal static SessionWriteException NotRepaired(string path, string reason, Exception? error = null) =>
        new($"The repaired session was not written to '{path}': {reason}", error, path);

    internal static SessionWriteException NotDeleted(string path, Exception error) =>
        new($"The session '{path}' could not be deleted, or not all that belongs to it: {error.Message}", error, path);

    internal static SessionWriteException Exists(string path) =>
        new($"The file '{path}' exists.", null, path) { IsExisting = true };

    internal static SessionWriteException SameFile(string path) =>
        new($"A repair does not change its source '{path}': give another path.", null, path) { IsOwnSource = true };

    internal static SessionWriteException NotCreated(string folder, Exception error) =>
        new($"No session was created in '{folder}': {error.Message}", error, folder);
}
