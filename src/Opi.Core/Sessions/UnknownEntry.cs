using System.Text.Json;

namespace Opi;

/// <summary>A type this version does not know.</summary>
internal sealed record UnknownEntry(
    string Id, string? ParentId, string Timestamp, string TypeName, JsonElement Content) : SessionEntry(Id, ParentId, Timestamp)
{
    private readonly ValueJson _content = Content;

    /// <summary>The value.</summary>
    public JsonElement Content { get => _content.Element; init => _content = value; }

    /// <inheritdoc/>
    public override EntryType Type => EntryType.Unknown;
}
