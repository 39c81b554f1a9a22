using System.Text.Json;

namespace Opi;

/// <summary>State of an extension of opi's.</summary>
internal sealed record ExtensionStateEntry(string Id, string? ParentId, string Timestamp, JsonElement State) : SessionEntry(Id, ParentId, Timestamp)
{
    private readonly ValueJson _state = State;

    public JsonElement State { get => _state.Element; init => _state = value; }

    public override EntryType Type => EntryType.ExtensionState;
}
