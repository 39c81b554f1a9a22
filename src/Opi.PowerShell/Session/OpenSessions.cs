using System.Collections.Concurrent;

namespace Opi.PowerShell;

/// <summary>
/// The sessions that this process has open, whichever runspace opened them: the lock is the process's too. Held weakly, so that one that a
/// script lost is still collected, which closes it.
/// </summary>
internal static class OpenSessions
{
    private static readonly ConcurrentDictionary<string, WeakReference<OpiSession>> Sessions = new();

    /// <summary>The open sessions, oldest first.</summary>
    public static IEnumerable<OpiSession> All => Sessions.Values
        .Select(Target)
        .OfType<OpiSession>()
        .Where(session => session.State == OpiSessionState.Open)
        .OrderBy(session => session.Id, StringComparer.Ordinal);

    public static void Add(OpiSession session)
    {
        foreach ((string path, WeakReference<OpiSession> reference) in Sessions)
        {
            if (Target(reference) is not { State: OpiSessionState.Open })
            {
                Sessions.TryRemove(path, out _);
            }
        }

        Sessions[session.Path] = new WeakReference<OpiSession>(session);
    }

    /// <summary>The open session of a file, by any of the file's names; null when it is not open here.</summary>
    public static OpiSession? Find(string path) => FindByName(path)
        ?? (Sessions.IsEmpty ? null : All.FirstOrDefault(session => SessionStore.IsSameFile(session.Path, path)));

    private static OpiSession? FindByName(string path) =>
        Sessions.TryGetValue(path, out WeakReference<OpiSession>? reference) && Target(reference) is { State: OpiSessionState.Open } session
            ? session
            : null;

    /// <summary>The open session with this id, in any folder; null when there is none.</summary>
    public static OpiSession? FindById(string id) =>
        All.FirstOrDefault(session => string.Equals(session.Id, id, StringComparison.Ordinal));

    private static OpiSession? Target(WeakReference<OpiSession> reference) =>
        reference.TryGetTarget(out OpiSession? session) ? session : null;
}
