using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Opi.PowerShell;

/// <summary>What the validation attributes of a parameter say of its values, in a JSON schema.</summary>
internal static class ToolConstraints
{
    /// <summary>What .NET's regular expressions have and JSON schema's have not.</summary>
    private static readonly string[] OfDotNet = ["(?i", "(?x", "(?s", "(?m", "(?n", "(?-", "(?>", "(?#", "(?'", "(?(", "\\A", "\\Z", "\\z", "\\G"];

    /// <summary>Adds the constraints to the schema of a type.</summary>
    public static void Add(JsonObject schema, Type type, IEnumerable<Attribute> attributes)
    {
        Type? item = ToolTypes.ItemOf(type);
        JsonObject one = item is not null && schema["items"] is JsonObject items ? items : schema; // PowerShell looks at each item of a list
        Type oneType = ToolTypes.Plain(item ?? type);
        bool isText = IsOf(one, "string");
        foreach (Attribute attribute in attributes)
        {
            switch (attribute)
            {
                case ValidateSetAttribute set:
                    AddSet(one, oneType, set.ValidValues);
                    break;
                case ValidatePatternAttribute pattern when isText:
                    AddPattern(one, pattern.RegexPattern);
                    break;
                case ValidateRangeAttribute range:
                    AddRange(one, oneType, range);
                    break;
                case ValidateLengthAttribute length when isText:
                    one["minLength"] = length.MinLength;
                    one["maxLength"] = length.MaxLength;
                    break;
                case ValidateCountAttribute count when IsOf(schema, "array"):
                    schema["minItems"] = count.MinLength;
                    schema["maxItems"] = count.MaxLength;
                    break;
                case ValidateNotNullOrEmptyAttribute:
                    AddNotEmpty(schema, one);
                    break;
                case { } other when other.GetType().Name == "ValidateNotNullOrWhiteSpaceAttribute":
                    AddNotEmpty(schema, one);
                    break;
                case AllowNullAttribute:
                    ToolTypeSchema.AllowNull(schema);
                    break;
            }
        }
    }

    private static bool IsOf(JsonObject schema, string type) =>
        schema["type"] is JsonArray several ? several.Any(name => (string?)name == type)
            : schema["type"] is JsonValue value && (string?)value == type;

    private static void AddSet(JsonObject schema, Type type, IEnumerable<string> values)
    {
        var names = new JsonArray();
        foreach (string value in values)
        {
            bool isNumber = decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number);
            names.Add(isNumber && ToolTypeSchema.IsNumber(type)
                ? JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))
                : JsonValue.Create(value));
        }

        schema["enum"] = names;
        if (schema["type"] is JsonArray)
        {
            names.Add((JsonNode?)null);
        }
    }

    private static void AddPattern(JsonObject schema, string pattern)
    {
        if (Array.Exists(OfDotNet, part => pattern.Contains(part, StringComparison.Ordinal)))
        {
            ToolTypeSchema.AddNote(schema, $"Matches the regular expression {pattern}");
        }
        else
        {
            schema["pattern"] = pattern;
        }
    }

    private static void AddRange(JsonObject schema, Type type, ValidateRangeAttribute range)
    {
        if (range.MinRange is null && range.MaxRange is null)
        {
            AddKind(schema, type, range);
            return;
        }

        AddBound(schema, "minimum", "At least", range.MinRange);
        AddBound(schema, "maximum", "At most", range.MaxRange);
    }

    private static void AddBound(JsonObject schema, string name, string words, object? bound)
    {
        if (bound is not null && ToolTypeSchema.IsNumber(bound.GetType()))
        {
            schema[name] = JsonNode.Parse(Convert.ToString(bound, CultureInfo.InvariantCulture)!);
        }
        else if (bound is not null)
        {
            string text = bound is DateTime time
                ? time.ToString("O", CultureInfo.InvariantCulture)
                : Convert.ToString(bound, CultureInfo.InvariantCulture)!;
            ToolTypeSchema.AddNote(schema, $"{words} {text}.");
        }
    }

    /// <summary>Positive and the like, which the reference that Opi is built with does not know.</summary>
    private static void AddKind(JsonObject schema, Type type, ValidateRangeAttribute range)
    {
        PropertyInfo? member = typeof(ValidateRangeAttribute)
            .GetProperty("RangeKind", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
        bool isInteger = ToolTypeSchema.IsInteger(type);
        switch (member?.GetValue(range)?.ToString())
        {
            case "Positive":
                schema[isInteger ? "minimum" : "exclusiveMinimum"] = isInteger ? 1 : 0;
                break;
            case "NonNegative":
                schema["minimum"] = 0;
                break;
            case "Negative":
                schema[isInteger ? "maximum" : "exclusiveMaximum"] = isInteger ? -1 : 0;
                break;
            case "NonPositive":
                schema["maximum"] = 0;
                break;
        }
    }

    private static void AddNotEmpty(JsonObject schema, JsonObject one)
    {
        if (IsOf(one, "string") && one["enum"] is null && one["format"] is null)
        {
            one["minLength"] = Math.Max(1, (int?)one["minLength"] ?? 0);
        }

        if (IsOf(schema, "array"))
        {
            schema["minItems"] = Math.Max(1, (int?)schema["minItems"] ?? 0);
        }
    }
}
