using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Lists a folder's sessions. A file that is not a session gives a warning, and the others are listed.</summary>
internal static class SessionListing
{
    public static IEnumerable<OpiSessionInfo> ReadAll(
        this Cmdlet cmdlet, SessionStore store, CancellationToken cancellation, Func<string, bool>? wanted = null)
    {
        using var progress = new ScanProgress(cmdlet, "Reading sessions");
        FileInfo[] files = [.. store.Files()];
        for (int i = 0; i < files.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            FileInfo file = files[i];
            progress.At(file.Name, i, files.Length);
            if (wanted is not null && !wanted(Path.GetFileNameWithoutExtension(file.Name)))
            {
                continue;
            }

            if (cmdlet.TryRead(file.FullName, cancellation) is { } info)
            {
                yield return info;
            }
        }
    }

    /// <summary>
    /// The sessions of a folder that have a turn, the one used last first. Of all files only the ends are read; a session is read when it
    /// is asked for.
    /// </summary>
    public static IEnumerable<OpiSessionInfo> ReadLatest(this Cmdlet cmdlet, SessionStore store, CancellationToken cancellation)
    {
        IReadOnlyList<SessionActivity> found = store.ReadActivity(error => cmdlet.WriteWarning(error.Text()), cancellation);
        return found.Select(session => cmdlet.TryRead(session.Path, cancellation)).OfType<OpiSessionInfo>();
    }

    private static OpiSessionInfo? TryRead(this Cmdlet cmdlet, string path, CancellationToken cancellation)
    {
        try
        {
            return OpiSessionInfo.Read(path, cancellation);
        }
        catch (OpiException error)
        {
            cmdlet.WriteWarning(error.Text());
            return null;
        }
    }
}
