namespace Opi;

/// <summary>What links lead to.</summary>
internal static class LinkTarget
{
    /// <summary>
    /// The complete path of what a link leads to, behind any further links; null for what is no link. Windows marks other things as it marks links,
    /// such as the folders of a cloud.
    /// </summary>
    /// <exception cref="IOException">It cannot be followed.</exception>
    public static string? Of(FileSystemInfo entry) =>
        entry.Attributes.HasFlag(FileAttributes.ReparsePoint) ? entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName : null;
}
