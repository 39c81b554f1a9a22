namespace Opi;

/// <summary>Another writer has the session open, or another program has its file open exclusively.</summary>
public sealed class SessionLockedException : OpiException
{
    internal SessionLockedException(string path, int? processId)
        : base(Describe(path, processId), path) => ProcessId = processId;

    private SessionLockedException(string message, Exception? inner, string path)
        : base(message, path, inner)
    {
    }

    /// <inheritdoc/>
    public override string ErrorId => "SessionLocked";

    /// <summary>Another program, which need not be Opi, holds a file exclusively.</summary>
    internal static SessionLockedException ByOtherProgram(string path, string what, Exception? inner) =>
        new($"The session '{path}' is in use: another program has {what}. Try again later.", inner, path) { IsByOtherProgram = true };

    /// <summary>Whether a program that need not be Opi has the file open exclusively.</summary>
    internal bool IsByOtherProgram { get; private init; }

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
        return $"The session '{path}' is open for writing in {holder}."
            + (processId == Environment.ProcessId ? "" : " It can still be read.");
    }
}
