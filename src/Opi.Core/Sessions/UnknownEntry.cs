using System.Text.Json;

namespace Opi;

/// <summary>A type this version does not know.</summary>
internal sealed record UnknownEntry(
    string Id, string? ParentId, string Timestamp, string TypeName, JsonElement Content) : SessionEntry(Id, ParentId, Timestamp)
{
    private readonly ValueJson _content = Content;

    public JsonElement Content { get => _content.Element; init => _content = value; }

    public override EntryType Type => EntryType.Unknown;
}
