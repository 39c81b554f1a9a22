using System.Collections.Specialized;
using System.ComponentModel;
using System.Management.Automation;
using System.Text.Json;

namespace Opi.PowerShell.Internal;

/// <summary>The members that scripts see of a call: the arguments as an object, and their JSON text. Not for scripts.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ToolCallMembers
{
    private const int MaxDepth = 128;

    /// <summary>
    /// The arguments as an object whose text is their JSON; a list where the model gave one, and the text as it is where it is not JSON.
    /// </summary>
    public static object? Arguments(PSObject call)
    {
        if (call?.BaseObject is not ToolCallContent content)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(content.Arguments))
        {
            return new PSObject();
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(content.Arguments, new JsonDocumentOptions { MaxDepth = MaxDepth });
            object? value = ToObject(document.RootElement);
            if (value is PSObject members && members.Properties["ToString"] is null)
            {
                members.Members.Add(new PSCodeMethod("ToString", typeof(ToolCallMembers).GetMethod(nameof(JsonOf))!));
            }

            return value;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return content.Arguments;
        }
    }

    /// <summary>The arguments as JSON text, as the model gave them.</summary>
    public static string? ArgumentsJson(PSObject call) => (call?.BaseObject as ToolCallContent)?.Arguments;

    /// <summary>An object's JSON.</summary>
    public static string JsonOf(PSObject value) => ObjectJson.ToText(value);

    private static object? ToObject(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return ToMembers(value);
            case JsonValueKind.Array:
                return value.EnumerateArray().Select(ToObject).ToArray();
            case JsonValueKind.String:
                return value.GetString();
            case JsonValueKind.Number:
                return JsonTable.NumberOf(value);
            case JsonValueKind.True:
            case JsonValueKind.False:
                return value.GetBoolean();
            default:
                return null;
        }
    }

    /// <summary>An object with properties; a table where a name cannot be a property, or two differ in case only.</summary>
    private static object ToMembers(JsonElement value)
    {
        JsonProperty[] members = [.. value.EnumerateObject()];
        string[] names = [.. members.Select(member => member.Name)];
        if (names.Contains("") || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length)
        {
            var table = new OrderedDictionary(StringComparer.Ordinal);
            foreach (JsonProperty member in members)
            {
                table[member.Name] = ToObject(member.Value);
            }

            return table;
        }

        var result = new PSObject();
        foreach (JsonProperty member in members)
        {
            result.Properties.Add(new PSNoteProperty(member.Name, ToObject(member.Value)), preValidated: true);
        }

        return result;
    }
}
