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

    /// <summary>The folder has no session that was used and is as wanted.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wanted">What was wanted, as a part of a sentence.</param>
    public static SessionNotFoundException NoneLike(string folder, string wanted) => new(folder, $"No session {wanted} in '{folder}'.");

    /// <summary>There is no such file.</summary>
    public static SessionNotFoundException ForPath(string path) =>
        new(path, $"No session file '{path}'.");

    /// <summary>The folder has no session.</summary>
    public static SessionNotFoundException NoneIn(string folder) =>
        new(folder, $"No session in '{folder}'. New-OpiSession creates one; use -Folder or OPI_SESSIONS_DIR for another folder.");
}
