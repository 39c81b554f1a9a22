using System.Text.Json;

namespace Opi;

/// <summary>A type this version does not know.</summary>
public sealed record UnknownEntry(
    string Id, string? ParentId, string Timestamp, string TypeName, JsonElement Content) : SessionEntry(Id, ParentId, Timestamp)
{
    /// <inheritdoc/>
    public override EntryType Type => EntryType.Unknown;
}
