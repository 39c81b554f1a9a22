namespace Opi;

/// <summary>A file or a folder that is searched, as it was found in a folder.</summary>
/// <param name="Path">The complete path.</param>
/// <param name="Takers">The sources that may have it.</param>
internal sealed record FoundItem(string Path, IReadOnlyList<UsageLog> Takers)
{
    /// <summary>The folder; null for a file.</summary>
    public FoundFolder? Folder { get; init; }

    /// <summary>Whether its length and time are known. Of a link, and where the folder does not show them, they have to be asked for.</summary>
    public bool IsKnown { get; init; }

    /// <summary>The length of the file in bytes.</summary>
    public long Length { get; init; }

    /// <summary>When the file was last written to, in UTC.</summary>
    public DateTime LastWrite { get; init; }
}
