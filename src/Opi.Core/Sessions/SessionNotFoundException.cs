namespace Opi;

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
