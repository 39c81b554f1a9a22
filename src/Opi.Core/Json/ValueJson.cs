using System.Text.Json;

namespace Opi;

/// <summary>A JSON value that equals another with the same text, so that a record that holds one is equal by value.</summary>
/// <param name="element">The value.</param>
internal readonly struct ValueJson(JsonElement element) : IEquatable<ValueJson>
{
    public JsonElement Element => element;

    private string Text => element.ValueKind == JsonValueKind.Undefined ? "" : element.GetRawText();

    public static implicit operator ValueJson(JsonElement element) => new(element);

    public bool Equals(ValueJson other) => Text == other.Text;

    public override bool Equals(object? obj) => obj is ValueJson other && Equals(other);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
