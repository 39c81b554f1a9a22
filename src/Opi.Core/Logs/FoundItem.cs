namespace Opi;

/// <summary>A file or a folder that is searched, as it was found in a folder.</summary>
/// <param name="Path">The complete path.</param>
/// <param name="Takers">The sources that may have it.</param>
internal readonly record struct FoundItem(string Path, IReadOnlyList<UsageLog> Takers)
{
    /// <summary>The folder; null for a file.</summary>
    public FoundFolder? Folder { get; init; }

    /// <summary>The length of the file in bytes; not that of what a link leads to.</summary>
    public long Length { get; init; }

    /// <summary>When the file was last written to, in UTC.</summary>
    public DateTime LastWrite { get; init; }

    /// <summary>Whether the file is a link.</summary>
    public bool IsLink { get; init; }
}
