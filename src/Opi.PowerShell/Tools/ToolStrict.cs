using System.Text.Json.Nodes;

namespace Opi.PowerShell;

/// <summary>
/// Makes a schema one of the strict kind that providers guarantee: every object is closed, every property required, and an optional one may
/// be null. Bounds and patterns, which not every provider takes there, become words of the description; PowerShell checks them anyway.
/// </summary>
internal static class ToolStrict
{
    private static readonly string[] Kept = ["type", "description", "enum", "properties", "required", "items", "additionalProperties"];
    private static readonly string[] Formats = ["date-time", "date", "time", "email", "uuid"];

    private static readonly Dictionary<string, string> Words = new()
    {
        ["minimum"] = "At least {0}.",
        ["maximum"] = "At most {0}.",
        ["exclusiveMinimum"] = "More than {0}.",
        ["exclusiveMaximum"] = "Less than {0}.",
        ["minLength"] = "Characters: at least {0}.",
        ["maxLength"] = "Characters: at most {0}.",
        ["minItems"] = "Items: at least {0}.",
        ["maxItems"] = "Items: at most {0}.",
        ["pattern"] = "Matches the regular expression {0}",
        ["format"] = "Format: {0}.",
        ["default"] = "Default: {0}.",
    };

    /// <summary>Changes a schema to the strict kind.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="at">Its place, for the message.</param>
    /// <returns>Why that is not possible; null when it was done.</returns>
    public static string? Apply(JsonObject schema, string at)
    {
        foreach ((string name, JsonNode? value) in schema.ToArray())
        {
            if (!Kept.Contains(name) && !(name == "format" && Formats.Contains((string?)value)))
            {
                ToolTypeSchema.AddNote(schema, string.Format(null, Words[name], value));
                schema.Remove(name);
            }
        }

        bool isObject = schema["properties"] is JsonObject;
        if (!isObject && (schema["type"] is null || Has(schema, "object")))
        {
            return $"a strict schema names every member of every object, and {at} takes any. Leave it out, or give it a class as its type";
        }

        if (schema["items"] is JsonObject items && Apply(items, $"an item of {at}") is { } inItems)
        {
            return inItems;
        }

        return isObject ? ApplyToObject(schema, at) : null;
    }

    private static string? ApplyToObject(JsonObject schema, string at)
    {
        var properties = (JsonObject)schema["properties"]!;
        string[] required = schema["required"] is JsonArray names ? [.. names.Select(name => (string)name!)] : [];
        foreach ((string name, JsonNode? value) in properties.ToArray())
        {
            var property = (JsonObject)value!;
            if (Apply(property, at.Length == 0 ? $"'{name}'" : $"'{name}' of {at}") is { } problem)
            {
                return problem;
            }

            if (!required.Contains(name) && property["type"] is JsonValue)
            {
                ToolTypeSchema.AllowNull(property);
            }
        }

        schema["required"] = new JsonArray([.. properties.Select(property => JsonValue.Create(property.Key))]);
        schema["additionalProperties"] = false;
        return null;
    }

    private static bool Has(JsonObject schema, string type) =>
        schema["type"] is JsonArray several ? several.Any(name => (string?)name == type) : (string?)schema["type"] == type;
}
