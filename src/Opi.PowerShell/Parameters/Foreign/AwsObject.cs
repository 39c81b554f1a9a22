using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.PowerShell;

/// <summary>
/// Writes an object of the AWS SDK for .NET as the JSON that the service sent: the SDK keeps none, but its members have the names of the JSON, with
/// the first letter in upper case. An event of a stream becomes the object that names it.
/// </summary>
internal static class AwsObject
{
    private const string Event = "Event";

    public static JsonElement Read(object value)
    {
        string name = value.GetType().Name;
        JsonNode? node = ToNode(value, 0);
        string? piece = name == "ConverseStreamMetadataEvent" ? "metadata"
            : name.EndsWith(Event, StringComparison.Ordinal) ? Lower(name[..^Event.Length])
            : null;
        return JsonSerializer.SerializeToElement(piece is null ? node : new JsonObject { [piece] = node });
    }

    private static JsonNode? ToNode(object? value, int depth)
    {
        if (depth > ObjectJson.MaxDepth)
        {
            throw new InvalidOperationException($"it nests deeper than {ObjectJson.MaxDepth} levels");
        }

        switch (value)
        {
            case null:
                return null;
            case MemoryStream bytes:
                return Convert.ToBase64String(bytes.ToArray());
            case string or bool or int or long or float or double or decimal or DateTime:
                return JsonSerializer.SerializeToNode(value);
            case Enum name:
                return name.ToString();
        }

        Type type = value.GetType();
        if (TypeText.BaseNamed(type, "Amazon.Runtime.ConstantClass") is { } constant)
        {
            return (string?)constant.GetProperty("Value")?.GetValue(value);
        }

        if (type.FullName == "Amazon.Runtime.Documents.Document")
        {
            return Document(value, type, depth);
        }

        if (value is IDictionary table)
        {
            var members = new JsonObject();
            foreach (DictionaryEntry entry in table)
            {
                members[entry.Key as string ?? ""] = ToNode(entry.Value, depth + 1);
            }

            return members;
        }

        if (value is IList list)
        {
            return new JsonArray([.. list.Cast<object?>().Select(item => ToNode(item, depth + 1))]);
        }

        if (!TypeText.IsIn(type, "Amazon"))
        {
            throw new InvalidOperationException($"it holds a {TypeText.Of(type)}, which is not known");
        }

        var result = new JsonObject();
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            // The base has what the transport adds; a list without items is one that the service did not send.
            bool isOfTransport = property.DeclaringType?.Name is "AmazonWebServiceResponse" || property.GetIndexParameters().Length > 0;
            if (!isOfTransport && property.GetValue(value) is { } member && member is not ICollection { Count: 0 })
            {
                result[Lower(property.Name)] = ToNode(member, depth + 1);
            }
        }

        return result;
    }

    /// <summary>A document of free form: each kind has a question and a way out.</summary>
    private static JsonNode? Document(object value, Type type, int depth)
    {
        foreach (string kind in (string[])["Dictionary", "List", "String", "Bool", "Int", "Long", "Double"])
        {
            if (type.GetMethod("Is" + kind, Type.EmptyTypes)?.Invoke(value, null) is not true)
            {
                continue;
            }

            object? inner = type.GetMethod("As" + kind, Type.EmptyTypes)?.Invoke(value, null);
            if (inner is IEnumerable pairs and not string and not IList && kind == "Dictionary")
            {
                var members = new JsonObject();
                foreach (object pair in pairs)
                {
                    members[(string)pair.GetType().GetProperty("Key")!.GetValue(pair)!] =
                        ToNode(pair.GetType().GetProperty("Value")!.GetValue(pair), depth + 1);
                }

                return members;
            }

            return ToNode(inner, depth + 1);
        }

        return null;
    }

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
