namespace Opi;

/// <summary>
/// One spelling for the folders of projects, so that a project is one group. Programs write the same folder of Windows as <c>C:\x</c>,
/// <c>c:\x</c>, <c>C:/x</c> and <c>C:\x\</c>, even within one log. Other paths are left as they are: on other systems these would differ.
/// </summary>
internal static class ProjectFolder
{
    /// <summary>A path with a drive with its letter in capitals, backslashes, and none at the end; any other path as it is.</summary>
    public static string? Plain(string? path)
    {
        if (path is not { Length: >= 3 } || path[1] != ':' || !char.IsAsciiLetter(path[0]) || path[2] is not ('\\' or '/'))
        {
            return path;
        }

        bool isPlain = char.IsAsciiLetterUpper(path[0]) && !path.Contains('/', StringComparison.Ordinal) && (path.Length == 3 || path[^1] != '\\');
        return isPlain ? path : char.ToUpperInvariant(path[0]) + @":\" + path[3..].Replace('/', '\\').TrimEnd('\\');
    }
}
