namespace Opi;

/// <summary>What the metadata entries of a session say. They count when they belong to the active branch, and the last one wins.</summary>
/// <param name="Name">The session's name; null when it has none.</param>
/// <param name="Labels">Its labels, in the order in which they were put on.</param>
public sealed record SessionMetadata(string? Name, IReadOnlyList<string> Labels)
{
    /// <summary>No metadata.</summary>
    public static readonly SessionMetadata None = new(null, []);

    internal static SessionMetadata Read(IReadOnlyList<IndexedEntry> entries, SessionTree tree, Func<IndexedEntry, SessionEntry> load)
    {
        string? name = null;
        var labels = new List<string>();
        HashSet<string>? branch = null;
        foreach (IndexedEntry entry in entries)
        {
            if (entry.Type is not (EntryType.SessionInfo or EntryType.Label))
            {
                continue;
            }

            branch ??= [.. tree.ActiveBranch.Select(content => content.Id)];
            bool counts = entry.ParentId is null ? branch.Count == 0 : branch.Contains(entry.ParentId);
            switch (counts ? load(entry) : null)
            {
                case SessionInfoEntry info:
                    name = info.Name;
                    break;
                case LabelEntry { Removed: true } label:
                    labels.RemoveAll(existing => existing == label.Label);
                    break;
                case LabelEntry label when !labels.Contains(label.Label):
                    labels.Add(label.Label);
                    break;
            }
        }

        return name is null && labels.Count == 0 ? None : new SessionMetadata(name, labels);
    }
}
