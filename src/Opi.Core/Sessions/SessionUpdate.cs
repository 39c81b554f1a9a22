namespace Opi;

/// <summary>Changes to a session's metadata; what is null stays as it is.</summary>
public sealed record SessionUpdate
{
    private readonly ValueList<string> _addLabels;
    private readonly ValueList<string> _removeLabels;

    /// <summary>The new name; may be empty.</summary>
    public string? Name { get; init; }

    /// <summary>The model from here on, as <c>provider:model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>The thinking level from here on.</summary>
    public ThinkingLevel? ThinkingLevel { get; init; }

    /// <summary>Labels to put on.</summary>
    public IReadOnlyList<string> AddLabels { get => _addLabels.Items; init => _addLabels = new(value); }

    /// <summary>Labels to take off.</summary>
    public IReadOnlyList<string> RemoveLabels { get => _removeLabels.Items; init => _removeLabels = new(value); }

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
            yield return new ThinkingLevelChangeEntry(sequence.Next("thinking"), parent, timestamp, level);
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
