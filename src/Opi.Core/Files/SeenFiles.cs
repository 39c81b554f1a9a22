using System.Runtime.InteropServices;

namespace Opi;

/// <summary>
/// Files that were met, each once. Two paths that differ in case are one file or two by what the system says of them: it depends on the
/// folder even on one machine.
/// </summary>
internal sealed class SeenFiles
{
    private readonly Dictionary<string, (string First, List<string>? Others)> _paths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes a file by its complete path.</summary>
    /// <returns>Whether it was not seen before.</returns>
    /// <exception cref="IOException">The system cannot say which file it is.</exception>
    public bool Add(string path)
    {
        ref (string First, List<string>? Others) alike = ref CollectionsMarshal.GetValueRefOrAddDefault(_paths, path, out bool isKnown);
        if (!isKnown)
        {
            alike.First = path;
            return true;
        }

        if (alike.First == path || alike.Others?.Contains(path, StringComparer.Ordinal) == true
            || IsSame(path, alike.First) || alike.Others?.Exists(other => IsSame(path, other)) == true)
        {
            return false;
        }

        (alike.Others ??= []).Add(path);
        return true;
    }

    private static bool IsSame(string path, string other) =>
        FileIdentity.Of(path) is { } file && FileIdentity.Of(other) is { } second && file.IsSameAs(second);
}
