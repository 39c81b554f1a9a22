using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Lists a folder's sessions. A file that is none is named in a warning, and the others go on.</summary>
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

            OpiSessionInfo info;
            try
            {
                info = OpiSessionInfo.Read(file.FullName, cancellation);
            }
            catch (OpiException error)
            {
                cmdlet.WriteWarning(error.Message);
                continue;
            }

            yield return info;
        }
    }
}
