namespace Opi;

/// <summary>
/// Which projects are asked for. A project is a folder, so \ and / are the same, and one at the end does not count: logs come from other
/// systems too.
/// </summary>
internal sealed class ProjectFilter
{
    private readonly Wildcard[] _patterns;

    /// <summary>Reads the patterns.</summary>
    /// <param name="patterns">The patterns, as <see cref="Wildcard"/> has them; none for every project.</param>
    /// <exception cref="InvalidWildcardException">One cannot be read.</exception>
    public ProjectFilter(IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        _patterns = [.. patterns.Select(pattern => new Wildcard(Plain(pattern)))];
    }

    /// <summary>Whether a project is asked for. One that is not known has an empty name, which * takes.</summary>
    /// <param name="project">The project; null when not known.</param>
    public bool Takes(string? project)
    {
        if (_patterns.Length == 0)
        {
            return true;
        }

        string plain = Plain(project ?? "");
        return Array.Exists(_patterns, pattern => pattern.IsMatch(plain));
    }

    private static string Plain(string path)
    {
        string slashed = path.Replace('\\', '/');
        return slashed.Length > 1 ? slashed.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : slashed;
    }
}
