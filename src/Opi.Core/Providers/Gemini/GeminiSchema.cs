using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Gemini's own schemas, which are a part of OpenAPI's: no unions of types but with null, names for texts alone, no objects without
/// properties, two formats of text. What they cannot say goes as a JSON schema, which newer models take in another member.
/// </summary>
internal static class GeminiSchema
{
    private static readonly string[] Same =
    [
        "title", "description", "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties", "minimum", "maximum",
        "pattern", "default", "nullable", "required", "propertyOrdering",
    ];

    private static readonly string[] Formats = ["date-time", "enum", "int32", "int64", "float", "double"];

    /// <summary>Puts the schema of a function's arguments into its declaration.</summary>
    public static void AddTo(JsonObject declaration, JsonObject schema)
    {
        if (schema["properties"] is not JsonObject { Count: > 0 } && schema["additionalProperties"] is not (JsonObject or JsonValue))
        {
            return; // a function without arguments has no schema
        }

        if (Of(schema) is { } own)
        {
            declaration["parameters"] = own;
        }
        else
        {
            declaration["parametersJsonSchema"] = schema;
        }
    }

    /// <summary>The schema in Gemini's own form; null where that cannot say it.</summary>
    public static JsonObject? Of(JsonObject schema)
    {
        var own = new JsonObject();
        foreach ((string name, JsonNode? value) in schema)
        {
            if (!Add(own, name, value, schema))
            {
                return null;
            }
        }

        if (own["type"] is null && own["enum"] is JsonArray)
        {
            own["type"] = "STRING";
        }

        if (own["type"] is null && own["anyOf"] is null)
        {
            return null; // anything, which Gemini has no word for
        }

        bool isOpen = own.TextOf("type") == "OBJECT" && own["properties"] is not JsonObject { Count: > 0 };
        return isOpen ? null : own;
    }

    private static bool Add(JsonObject own, string name, JsonNode? value, JsonObject schema)
    {
        switch (name)
        {
            case "type":
                return AddType(own, value);
            case "$schema":
                return true;
            case "additionalProperties":
                return value is JsonValue closed && closed.GetValueKind() == JsonValueKind.False; // Gemini's objects are closed
            case "format" when value is JsonValue:
                string format = (string?)value ?? "";
                if (Formats.Contains(format))
                {
                    own[name] = format;
                }
                else
                {
                    string said = own.TextOf("description") ?? schema.TextOf("description") ?? "";
                    own["description"] = said.Length == 0 ? $"Format: {format}." : $"{said} (format: {format})";
                }

                return true;
            case "description" when own.ContainsKey(name):
                return true; // a format was added to it
            case "enum" when value is JsonArray names:
                return AddEnum(own, names);
            case "const" when value is JsonValue only && only.GetValueKind() == JsonValueKind.String:
                own["enum"] = new JsonArray((string?)only);
                return true;
            case "items" when value is JsonObject items && Of(items) is { } item:
                own[name] = item;
                return true;
            case "properties" when value is JsonObject properties:
                return AddProperties(own, properties);
            case "anyOf" when value is JsonArray forms:
                return AddForms(own, forms);
            default:
                own[name] = value?.DeepClone();
                return Same.Contains(name);
        }
    }

    private static bool AddType(JsonObject own, JsonNode? value)
    {
        string[] types = value is JsonArray several ? [.. several.Select(type => (string?)type ?? "")] : [(string?)value ?? ""];
        string[] others = [.. types.Where(type => type != "null")];
        if (others.Length != 1)
        {
            return false;
        }

        own["type"] = others[0].ToUpperInvariant();
        if (types.Length > 1)
        {
            own["nullable"] = true;
        }

        return true;
    }

    private static bool AddEnum(JsonObject own, JsonArray names)
    {
        JsonNode?[] texts = [.. names.Where(name => name is not null)];
        if (texts.Length < names.Count)
        {
            own["nullable"] = true;
        }

        own["enum"] = new JsonArray([.. texts.Select(text => text!.DeepClone())]);
        return Array.TrueForAll(texts, text => text!.GetValueKind() == JsonValueKind.String);
    }

    private static bool AddProperties(JsonObject own, JsonObject properties)
    {
        var made = new JsonObject();
        foreach ((string name, JsonNode? property) in properties)
        {
            if (property is not JsonObject schema || Of(schema) is not { } inner)
            {
                return false;
            }

            made[name] = inner;
        }

        own["properties"] = made;
        return true;
    }

    private static bool AddForms(JsonObject own, JsonArray forms)
    {
        JsonObject[] others = [.. forms.OfType<JsonObject>().Where(form => form.TextOf("type") != "null")];
        JsonObject?[] made = [.. others.Select(Of)];
        if (made.Length == 0 || Array.Exists(made, form => form is null))
        {
            return false;
        }

        if (others.Length < forms.Count)
        {
            own["nullable"] = true;
        }

        if (made.Length > 1)
        {
            own["anyOf"] = new JsonArray([.. made]);
            return true;
        }

        foreach ((string name, JsonNode? value) in made[0]!)
        {
            if (!own.ContainsKey(name))
            {
                own[name] = value?.DeepClone();
            }
        }

        return true;
    }
}
