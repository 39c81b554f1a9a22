using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Numerics;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;

namespace Opi.PowerShell;

/// <summary>The JSON schema of the values that PowerShell converts to a type.</summary>
internal static class ToolTypeSchema
{
    private static readonly Dictionary<Type, (string? Format, string? Note)> Texts = new()
    {
        [typeof(string)] = (null, null),
        [typeof(DateTime)] = ("date-time", null),
        [typeof(DateTimeOffset)] = ("date-time", null),
        [typeof(DateOnly)] = ("date", null),
        [typeof(TimeOnly)] = (null, "A time of day as hh:mm:ss."),
        [typeof(TimeSpan)] = (null, "A time span as [days.]hh:mm:ss."),
        [typeof(Guid)] = ("uuid", null),
        [typeof(Uri)] = ("uri", null),
        [typeof(MailAddress)] = ("email", null),
        [typeof(Version)] = (null, "A version, for example 1.2.3."),
        [typeof(IPAddress)] = (null, "An IP address."),
        [typeof(FileInfo)] = (null, "The path of a file."),
        [typeof(DirectoryInfo)] = (null, "The path of a folder."),
        [typeof(XmlDocument)] = (null, "An XML document."),
        [typeof(Regex)] = (null, "A regular expression of .NET."),
        [typeof(CultureInfo)] = (null, "The name of a culture, for example en-US."),
    };

    private static readonly Dictionary<Type, (decimal? Least, decimal? Most)> Integers = new()
    {
        [typeof(byte)] = (byte.MinValue, byte.MaxValue),
        [typeof(sbyte)] = (sbyte.MinValue, sbyte.MaxValue),
        [typeof(short)] = (short.MinValue, short.MaxValue),
        [typeof(ushort)] = (ushort.MinValue, ushort.MaxValue),
        [typeof(uint)] = (0, null),
        [typeof(ulong)] = (0, null),
        [typeof(int)] = (null, null),
        [typeof(long)] = (null, null),
        [typeof(BigInteger)] = (null, null),
    };

    /// <summary>Whether JSON has its values as whole numbers.</summary>
    public static bool IsInteger(Type type) => Integers.ContainsKey(type);

    /// <summary>Whether JSON has its values as numbers.</summary>
    public static bool IsNumber(Type type) => IsInteger(type) || type == typeof(double) || type == typeof(float) || type == typeof(decimal);

    /// <summary>The schema; null for a type that JSON cannot express, for example a script block.</summary>
    public static JsonObject? Of(Type type) => Of(type, []);

    /// <summary>Makes a schema take null too.</summary>
    public static void AllowNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
        }

        if (schema["enum"] is JsonArray names && !names.Contains(null))
        {
            names.Add((JsonNode?)null);
        }
    }

    /// <summary>Adds a sentence to a schema's description.</summary>
    public static void AddNote(JsonObject schema, string? note)
    {
        if (!string.IsNullOrWhiteSpace(note))
        {
            string said = ((string?)schema["description"] ?? "").TrimEnd();
            string gap = said.Length == 0 ? "" : said[^1] is '.' or '!' or '?' or ':' ? " " : ". ";
            schema["description"] = said + gap + note;
        }
    }

    private static JsonObject? Of(Type type, Type[] within)
    {
        Type plain = ToolTypes.Plain(type);
        JsonObject? schema = ToolTypes.IsAny(plain) ? [] : OfValue(plain) ?? OfGroup(plain, within);
        if (schema is not null && plain != type)
        {
            AllowNull(schema);
        }

        return schema;
    }

    private static JsonObject? OfValue(Type type)
    {
        if (type == typeof(bool) || type == typeof(SwitchParameter))
        {
            return new JsonObject { ["type"] = "boolean" };
        }

        if (type == typeof(char))
        {
            return new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 1 };
        }

        if (type.IsEnum)
        {
            var all = new JsonArray([.. Enum.GetNames(type).Select(name => JsonValue.Create(name))]);
            var names = new JsonObject { ["type"] = "string", ["enum"] = all };
            return type.IsDefined(typeof(FlagsAttribute), inherit: false) ? new JsonObject { ["type"] = "array", ["items"] = names } : names;
        }

        if (IsNumber(type))
        {
            var number = new JsonObject { ["type"] = IsInteger(type) ? "integer" : "number" };
            if (Integers.TryGetValue(type, out (decimal? Least, decimal? Most) range))
            {
                Set(number, "minimum", range.Least);
                Set(number, "maximum", range.Most);
            }

            return number;
        }

        if (!Texts.TryGetValue(type, out (string? Format, string? Note) text))
        {
            if (type.FullName != "System.Management.Automation.SemanticVersion")
            {
                return null;
            }

            text = (null, "A semantic version, for example 1.2.3-beta.1.");
        }

        var schema = new JsonObject { ["type"] = "string" };
        if (text.Format is not null)
        {
            schema["format"] = text.Format;
        }

        AddNote(schema, text.Note);
        return schema;
    }

    private static JsonObject? OfGroup(Type type, Type[] within)
    {
        if (ToolTypes.ValueOf(type) is { } value)
        {
            var table = new JsonObject { ["type"] = "object" };
            if (ToolTypes.IsAny(value))
            {
                return table;
            }

            table["additionalProperties"] = Of(value, within);
            return table["additionalProperties"] is null ? null : table;
        }

        if (ToolTypes.ItemOf(type) is { } item)
        {
            return Of(item, within) is { } items ? new JsonObject { ["type"] = "array", ["items"] = items } : null;
        }

        if (within.Contains(type))
        {
            return new JsonObject { ["type"] = "object" }; // a class that contains itself: its members are in the outer schema
        }

        return ToolTypes.MembersOf(type) is { } members ? OfMembers(members, [.. within, type]) : null;
    }

    private static JsonObject? OfMembers(IReadOnlyList<PropertyInfo> members, Type[] within)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (PropertyInfo member in members)
        {
            Attribute[] attributes = [.. member.GetCustomAttributes(inherit: true).OfType<Attribute>()];
            if (Of(member.PropertyType, within) is not { } schema)
            {
                continue; // PowerShell could not set it from JSON
            }

            ToolConstraints.Add(schema, ToolTypes.Plain(member.PropertyType), attributes);
            properties[member.Name] = schema;
            bool isRequired = attributes.Any(attribute =>
                attribute is ParameterAttribute { Mandatory: true } or ValidateNotNullAttribute or ValidateNotNullOrEmptyAttribute);
            if (isRequired)
            {
                required.Add(JsonValue.Create(member.Name));
            }
        }

        if (properties.Count == 0)
        {
            return null;
        }

        var made = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            made["required"] = required;
        }

        made["additionalProperties"] = false; // PowerShell makes no object of a table with a member that the class lacks
        return made;
    }

    private static void Set(JsonObject schema, string name, decimal? value)
    {
        if (value is { } number)
        {
            schema[name] = number;
        }
    }
}
