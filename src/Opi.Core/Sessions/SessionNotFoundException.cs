namespace Opi;

/// <summary>There is no such session.</summary>
public sealed class SessionNotFoundException : OpiException
{
    internal SessionNotFoundException(string target, string message)
        : base(message, target)
    {
    }

    /// <inheritdoc/>
    public override string ErrorId => "SessionNotFound";

    /// <summary>The folder that was searched; null where a file was named.</summary>
    public string? Folder { get; private init; }

    /// <summary>The id that was looked for; null where a file was named, or any session would do.</summary>
    public string? SessionId { get; private init; }

    internal bool IsFolderEmpty { get; private init; }

    internal static SessionNotFoundException ForId(string id, string folder) =>
        new(id, $"No session '{id}' in '{folder}'.") { Folder = folder, SessionId = id };

    /// <summary>The folder has no session that was used and is as wanted.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wanted">What was wanted, as a part of a sentence.</param>
    public static SessionNotFoundException NoneLike(string folder, string wanted) =>
        new(folder, $"No session {wanted} in '{folder}'.") { Folder = folder };

    /// <summary>There is no such file.</summary>
    public static SessionNotFoundException ForPath(string path) =>
        new(path, $"No session file '{path}'.");

    /// <summary>The folder has no session.</summary>
    public static SessionNotFoundException NoneIn(string folder) =>
        new(folder, $"No session in '{folder}'.") { Folder = folder, IsFolderEmpty = true };
}
