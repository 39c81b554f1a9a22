namespace Opi;

/// <summary>
/// Brings the chats together. A chat may continue in another file, where a message that grew is repeated with another time: of a chat that is asked
/// for all files are read.
/// </summary>
internal sealed class GeminiMerge(GeminiLog log) : UsageMerge
{
    private const int ShortId = 8; // this much of a session's id is in the names of its files

    /// <inheritdoc/>
    public override IReadOnlyCollection<LogFile> Lacking(IReadOnlyList<LogPart> parts, IReadOnlyCollection<LogFile> aside)
    {
        HashSet<string> names = [.. parts.Select(part => NameOf(part.File))];
        string[] sessions =
        [
            .. parts.SelectMany(part => part.Drafts).Select(draft => draft.SessionId).OfType<string>().Distinct()
                .Select(id => id.Length > ShortId ? id[..ShortId] : id),
        ];
        return [.. aside.Where(file => NameOf(file) is var name
            && (names.Contains(name) || Array.Exists(sessions, id => name.Contains(id, StringComparison.Ordinal))))];
    }

    /// <inheritdoc/>
    public override IEnumerable<UsageDraft> End(IReadOnlyList<LogPart> parts, CancellationToken cancellation) => log.Merge(parts, cancellation);

    private static string NameOf(LogFile file) => Path.GetFileNameWithoutExtension(file.Path);
}
