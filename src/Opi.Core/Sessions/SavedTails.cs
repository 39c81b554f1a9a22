namespace Opi;

/// <summary>
/// The unfinished ends that were saved next to sessions (see <see cref="TornTail"/>), for a caller that deletes many sessions: a folder is
/// enumerated once, and again only for a session that was written to since.
/// </summary>
internal sealed class SavedTails
{
    private const string Mark = ".torn-";

    private readonly Dictionary<string, (DateTime Changed, ILookup<string, string> Tails)> _folders = new(StringComparer.Ordinal);

    /// <summary>How often a folder was enumerated.</summary>
    public int Enumerations { get; private set; }

    /// <summary>The paths of the ends that were saved next to a session.</summary>
    /// <param name="path">The session's file.</param>
    /// <param name="written">When the file was last written to, by its file system, read while no other writer could write to it.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public IEnumerable<string> Of(string path, DateTime written)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;

        // An end is saved before it is cut off, and the cut is a write to the session. So a session that was last written to before the folder's
        // last change, which was before the enumeration, has no newer ends. Both times are the file system's, so that no clocks are compared.
        if (!_folders.TryGetValue(folder, out (DateTime Changed, ILookup<string, string> Tails) known) || written >= known.Changed)
        {
            DateTime changed = Directory.GetLastWriteTimeUtc(folder);
            _folders[folder] = known = (changed, Enumerate(folder));
        }

        return known.Tails[Path.GetFileName(path)];
    }

    private ILookup<string, string> Enumerate(string folder)
    {
        Enumerations++;
        return Directory.EnumerateFiles(folder, "*" + Mark + "*")
            .SelectMany(saved => SessionsOf(Path.GetFileName(saved)).Select(session => (session, saved)))
            .ToLookup(pair => pair.session, pair => pair.saved, StringComparer.Ordinal);
    }

    /// <summary>The names of the files that this may be an end of: a session's name may have the mark in it too.</summary>
    private static IEnumerable<string> SessionsOf(string name)
    {
        for (int at = name.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = name.IndexOf(Mark, at + 1, StringComparison.Ordinal))
        {
            yield return name[..at];
        }
    }
}
