namespace Opi;

/// <summary>
/// What the metadata entries of a session say. An entry counts when it belongs to the branch in force, or was written before the first
/// turn; the last one wins.
/// </summary>
public sealed record SessionMetadata
{
    /// <summary>No metadata.</summary>
    public static readonly SessionMetadata None = new();

    /// <summary>The session's name; null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The model that was changed to, as <c>provider:model</c>; null when it never was.</summary>
    public string? Model { get; init; }

    /// <summary>The thinking level; null when none was set.</summary>
    public string? ThinkingLevel { get; init; }

    /// <summary>Its labels, in the order in which they were put on.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    internal static SessionMetadata Read(IReadOnlyList<IndexedEntry> entries, SessionTree tree, Func<IndexedEntry, SessionEntry> load) =>
        entries.Any(entry => entry.IsMetadata)
            ? InForce(entries, tree).Where(entry => entry.IsMetadata).Aggregate(None, (metadata, entry) => metadata.With(load(entry)))
            : None;

    /// <summary>The model of the last answer in force, or the one that was changed to after it.</summary>
    internal static string? ModelInForce(IReadOnlyList<IndexedEntry> entries, SessionTree tree) =>
        (entries.Any(entry => entry.Type == EntryType.ModelChange) ? InForce(entries, tree) : tree.ActiveBranch).LastOrDefault(entry => entry.Model is not null && entry.Type != EntryType.Compaction)?.Model;

    /// <summary>The conversation in force and the metadata that belongs to it, in the order of the file.</summary>
    private static IEnumerable<IndexedEntry> InForce(IReadOnlyList<IndexedEntry> entries, SessionTree tree)
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

    /// <summary>With what one more entry says.</summary>
    internal SessionMetadata With(SessionEntry entry) => entry switch
    {
        SessionInfoEntry info => this with { Name = info.Name },
        ModelChangeEntry change => this with { Model = change.Model },
        ThinkingLevelChangeEntry change => this with { ThinkingLevel = change.Level },
        LabelEntry { Removed: true } label => this with { Labels = [.. Labels.Where(existing => existing != label.Label)] },
        LabelEntry label when !Labels.Contains(label.Label) => this with { Labels = [.. Labels, label.Label] },
        _ => this,
    };
}

/// <summary>Changes to a session's metadata; what is null stays as it is.</summary>
public sealed record SessionUpdate
{
    /// <summary>The new name; may be empty.</summary>
    public string? Name { get; init; }

    /// <summary>The model from here on, as <c>provider:model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>The thinking level from here on.</summary>
    public ThinkingLevel? ThinkingLevel { get; init; }

    /// <summary>Labels to put on.</summary>
    public IReadOnlyList<string> AddLabels { get; init; } = [];

    /// <summary>Labels to take off.</summary>
    public IReadOnlyList<string> RemoveLabels { get; init; } = [];

    internal IEnumerable<SessionEntry> ToEntries(EntrySequence sequence, string? parent, string timestamp)
    {
        if (Name is not null)
        {
            yield return new SessionInfoEntry(sequence.Next("info"), parent, timestamp, Name);
        }

        if (Model is not null)
        {
            yield return new ModelChangeEntry(sequence.Next("model"), parent, timestamp, Model);
        }

        if (ThinkingLevel is { } level)
        {
            yield return new ThinkingLevelChangeEntry(sequence.Next("thinking"), parent, timestamp, EntryWire.LevelName(level));
        }

        foreach (string label in AddLabels)
        {
            yield return new LabelEntry(sequence.Next("label"), parent, timestamp, label, Removed: false);
        }

        foreach (string label in RemoveLabels)
        {
            yield return new LabelEntry(sequence.Next("label"), parent, timestamp, label, Removed: true);
        }
    }
}

/// <summary>How much a model thinks before it answers.</summary>
public enum ThinkingLevel
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Little.</summary>
    Low,

    /// <summary>Some.</summary>
    Medium,

    /// <summary>Much.</summary>
    High,

    /// <summary>As little as can be.</summary>
    Minimal,

    /// <summary>Very much.</summary>
    XHigh,

    /// <summary>As much as can be.</summary>
    Max,
}
