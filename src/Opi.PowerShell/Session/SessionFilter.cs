namespace Opi.PowerShell;

/// <summary>Which sessions are wanted, by name, label and working directory; a session has to fit all that are given.</summary>
internal sealed class SessionFilter
{
    private readonly Wildcard[] _names;
    private readonly string[]? _labels;
    private readonly string? _workingDirectory;

    /// <param name="names">Patterns of names; empty for all.</param>
    /// <param name="labels">Labels of which a session has one; null for all.</param>
    /// <param name="workingDirectory">The folder of the agent, complete; null for all.</param>
    public SessionFilter(string[] names, string[]? labels, string? workingDirectory)
    {
        _names = [.. names.Select(name => new Wildcard(name))];
        _labels = labels;
        _workingDirectory = workingDirectory;
        Wanted = string.Join(
            ", ",
            new[]
            {
                names.Length == 0 ? null : $"named {string.Join(" or ", names.Select(name => $"'{name}'"))}",
                labels is null ? null : $"labelled {string.Join(" or ", labels.Select(label => $"'{label}'"))}",
                workingDirectory is null ? null : $"of the working directory '{workingDirectory}'",
            }.OfType<string>());
    }

    /// <summary>What is wanted, as a part of a sentence; empty when all are.</summary>
    public string Wanted { get; }

    public bool Takes(OpiSessionInfo session) =>
        (_names.Length == 0 || (session.Name is { } name && Array.Exists(_names, pattern => pattern.IsMatch(name))))
        && (_labels is null || Array.Exists(_labels, label => session.Labels.Contains(label, StringComparer.OrdinalIgnoreCase)))
        && (_workingDirectory is null || SameFolder(session.WorkingDirectory));

    private bool SameFolder(string folder)
    {
        StringComparison comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return string.Equals(Plain(folder), Plain(_workingDirectory!), comparison);
    }

    private static string Plain(string folder) => (OperatingSystem.IsWindows() ? folder.Replace('/', '\\') : folder).TrimEnd('/', '\\');
}
