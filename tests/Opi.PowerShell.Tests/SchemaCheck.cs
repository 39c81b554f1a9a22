using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi.PowerShell.Tests;

/// <summary>Checks a value against a JSON schema, or one in Gemini's form. It knows the words that tools need; another one fails.</summary>
internal static class SchemaCheck
{
    /// <summary>Why a value is not valid; null when it is.</summary>
    public static string? Why(JsonElement schema, JsonElement value)
    {
        bool isNullable = schema.TryGetProperty("nullable", out JsonElement nullable) && nullable.GetBoolean();
        if (value.ValueKind == JsonValueKind.Null && isNullable)
        {
            return null;
        }

        foreach (JsonProperty word in schema.EnumerateObject())
        {
            bool isValid = word.Name switch
            {
                "type" => Types(word.Value).Any(type => Is(value, type)),
                "enum" => word.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
                "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= word.Value.GetDouble(),
                "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= word.Value.GetDouble(),
                "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= word.Value.GetInt32(),
                "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= word.Value.GetInt32(),
                "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= word.Value.GetInt32(),
                "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= word.Value.GetInt32(),
                "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, word.Value.GetString()!),
                "required" => value.ValueKind != JsonValueKind.Object || word.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "additionalProperties" => value.ValueKind != JsonValueKind.Object || word.Value.ValueKind != JsonValueKind.False
                    || value.EnumerateObject().All(member => schema.GetProperty("properties").TryGetProperty(member.Name, out _)),
                "properties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(member =>
                    !word.Value.TryGetProperty(member.Name, out JsonElement inner) || Why(inner, member.Value) is null),
                "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().All(item => Why(word.Value, item) is null),
                "description" or "title" or "format" or "default" or "nullable" => true,
                _ => throw new InvalidOperationException($"unknown word of a schema: {word.Name}"),
            };
            if (!isValid)
            {
                return $"{word.Name} {word.Value}";
            }
        }

        return null;
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!.ToLowerInvariant()) : [type.GetString()!.ToLowerInvariant()];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new InvalidOperationException($"unknown type: {type}"),
    };
}
