namespace Opi;

/// <summary>
/// What the metadata entries of a session say. An entry counts when it belongs to the active branch, or was written before the first
/// turn; the last one wins.
/// </summary>
internal sealed record SessionMetadata
{
    private readonly ValueList<string> _labels = new(new TextList<string>([]));

    public static readonly SessionMetadata None = new();

    public string? Name { get; init; }

    /// <summary>The model that was changed to, as <c>provider:model</c>; null when it never was.</summary>
    public string? Model { get; init; }

    public ThinkingLevel? ThinkingLevel { get; init; }

    /// <summary>Its labels, in the order in which they were put on.</summary>
    public IReadOnlyList<string> Labels { get => _labels.Items; init => _labels = new(value); }

    internal static SessionMetadata Read(IReadOnlyList<IndexedEntry> entries, SessionTree tree, Func<IndexedEntry, SessionEntry> load) =>
        entries.Any(entry => entry.IsMetadata)
            ? None.With(ActiveEntries(entries, tree).Where(entry => entry.IsMetadata).Select(load))
            : None;

    /// <summary>The model of the last active answer, or of a later change of model.</summary>
    internal static string? ActiveModel(IReadOnlyList<IndexedEntry> entries, SessionTree tree) =>
        (
            entries.Any(entry => entry.Type == EntryType.ModelChange)
                ? ActiveEntries(entries, tree)
                : tree.ActiveBranch).LastOrDefault(entry => entry.Model is not null && entry.Type != EntryType.Compaction)?.Model;

    /// <summary>The conversation active and the metadata that belongs to it, in the order of the file.</summary>
    private static IEnumerable<IndexedEntry> ActiveEntries(IReadOnlyList<IndexedEntry> entries, SessionTree tree)
    {
        HashSet<IndexedEntry> branch = [.. tree.ActiveBranch];
        HashSet<string> ids = [.. tree.ActiveBranch.Select(entry => entry.Id)];
        bool begun = false;
        foreach (IndexedEntry entry in entries)
        {
            begun |= entry.IsContent;
            if (branch.Contains(entry) || (entry.IsMetadata && (entry.ParentId is null ? !begun : ids.Contains(entry.ParentId))))
            {
                yield return entry;
            }
        }
    }

    /// <summary>With what further entries say. The list of labels is made once for all of them, as a session may have many.</summary>
    internal SessionMetadata With(IEnumerable<SessionEntry> entries)
    {
        SessionMetadata metadata = this;
        Dictionary<string, int>? places = null; // of the labels, once an entry changes them
        int next = 0;
        foreach (SessionEntry entry in entries)
        {
            switch (entry)
            {
                case SessionInfoEntry info:
                    metadata = metadata with { Name = info.Name };
                    break;
                case ModelChangeEntry change:
                    metadata = metadata with { Model = change.Model };
                    break;
                case ThinkingLevelChangeEntry change:
                    metadata = metadata with { ThinkingLevel = change.Level };
                    break;
                case LabelEntry label:
                    if (places is null)
                    {
                        places = new Dictionary<string, int>(StringComparer.Ordinal);
                        foreach (string existing in Labels)
                        {
                            places.TryAdd(existing, next++);
                        }
                    }

                    if (label.Removed)
                    {
                        places.Remove(label.Label);
                    }
                    else if (places.TryAdd(label.Label, next))
                    {
                        next++;
                    }

                    break;
            }
        }

        return places is null
            ? metadata
            : metadata with { Labels = new TextList<string>(places.OrderBy(place => place.Value).Select(place => place.Key)) };
    }
}
