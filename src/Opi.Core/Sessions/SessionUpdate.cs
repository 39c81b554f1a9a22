namespace Opi;

/// <summary>Changes to a session's metadata and to its pins; what is null stays as it is.</summary>
public sealed record SessionUpdate
{
    private readonly ValueList<string> _addLabels;
    private readonly ValueList<string> _removeLabels;
    private readonly ValueList<string> _pins;
    private readonly ValueList<string> _unpins;

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

    /// <summary>
    /// The entries of messages that every compaction is to keep word for word. With a tool's call its results stay, and with a result its call. A
    /// message that has left the context comes back to it.
    /// </summary>
    public IReadOnlyList<string> Pins { get => _pins.Items; init => _pins = new(value); }

    /// <summary>The entries of messages that the next compactions need not keep any more.</summary>
    public IReadOnlyList<string> Unpins { get => _unpins.Items; init => _unpins = new(value); }

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

        if (Pins.Count > 0)
        {
            yield return new PinEntry(sequence.Next("pin"), parent, timestamp, Pins, Removed: false);
        }

        if (Unpins.Count > 0)
        {
            yield return new PinEntry(sequence.Next("pin"), parent, timestamp, Unpins, Removed: true);
        }
    }
}
