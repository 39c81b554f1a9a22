namespace Opi;

/// <summary>
/// Files that were met, each once. Two paths that differ in case are one file or two by what the system says of them: it depends on the
/// folder even on one machine.
/// </summary>
internal sealed class SeenFiles
{
    private readonly Dictionary<string, List<string>> _paths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes a file by its complete path.</summary>
    /// <returns>Whether it was not seen before.</returns>
    /// <exception cref="IOException">The system cannot say which file it is.</exception>
    public bool Add(string path)
    {
        if (!_paths.TryGetValue(path, out List<string>? alike))
        {
            _paths.Add(path, [path]);
            return true;
        }

        if (alike.Contains(path, StringComparer.Ordinal) || alike.Exists(other => IsSame(path, other)))
        {
            return false;
        }

        alike.Add(path);
        return true;
    }

    private static bool IsSame(string path, string other) =>
        FileIdentity.Of(path) is { } file && FileIdentity.Of(other) is { } second && file.IsSameAs(second);
}
