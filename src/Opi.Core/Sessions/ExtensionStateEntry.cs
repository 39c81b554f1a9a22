using System.Text.Json;

namespace Opi;

/// <summary>State of an extension of opi's.</summary>
public sealed record ExtensionStateEntry(string Id, string? ParentId, string Timestamp, JsonElement State) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.ExtensionState;
}
