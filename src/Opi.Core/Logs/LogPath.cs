namespace Opi;

/// <summary>The paths of logs, which show whose they are if their lines do not.</summary>
internal static class LogPath
{
    /// <summary>Whether a folder of that name is above a file.</summary>
    public static bool IsIn(string path, string folder)
    {
        for (ReadOnlySpan<char> above = Path.GetDirectoryName(path.AsSpan()); !above.IsEmpty; above = Path.GetDirectoryName(above))
        {
            if (Path.GetFileName(above).SequenceEqual(folder))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The name of a folder above a file: 1 for the one that it is in; empty when there is none.</summary>
    public static string Above(string path, int levels) => Path.GetFileName(FolderAbove(path, levels));

    /// <summary>A folder above a file: 1 for the one that it is in; empty when there is none.</summary>
    public static string FolderAbove(string path, int levels)
    {
        string above = path;
        for (int i = 0; i < levels; i++)
        {
            above = Path.GetDirectoryName(above) ?? "";
        }

        return above;
    }

    /// <summary>The folder of data of the user's programs: <c>XDG_DATA_HOME</c>, else <c>~/.local/share</c>.</summary>
    public static string UserData => OpiFolders.Variable("XDG_DATA_HOME") ?? Path.Combine(OpiFolders.Home, ".local", "share");
}
