using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>A tool made ready for a provider: its name as the calls of a conversation have it, its schema as an object.</summary>
/// <param name="Name">The name as the provider takes it.</param>
/// <param name="Description">What it does; null for nothing.</param>
/// <param name="Schema">The schema of its arguments. Each request has its own copy.</param>
/// <param name="Strict">Whether the provider is asked to keep to the schema.</param>
internal sealed record RequestTool(string Name, string? Description, JsonObject Schema, bool Strict)
{
    /// <summary>The tools of a request.</summary>
    /// <param name="tools">The tools as the caller has them.</param>
    /// <param name="nameOf">The name as the provider takes it.</param>
    /// <exception cref="InvalidToolException">A schema is not an object, or two tools have one name.</exception>
    public static IReadOnlyList<RequestTool> Of(IReadOnlyList<ToolDefinition> tools, Func<string, string> nameOf)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var made = new List<RequestTool>(tools.Count);
        foreach (ToolDefinition tool in tools)
        {
            string name = nameOf(tool.Name);
            if (!names.TryAdd(name, tool.Name))
            {
                throw new InvalidToolException(
                    tool.Name, names[name] == tool.Name ? "it is given twice" : $"its name and that of '{names[name]}' are both sent as '{name}'");
            }

            string? description = string.IsNullOrWhiteSpace(tool.Description) ? null : tool.Description;
            made.Add(new RequestTool(name, description, SchemaOf(tool), tool.Strict));
        }

        return made;
    }

    /// <summary>The form that OpenAI Chat Completions and Ollama share.</summary>
    /// <param name="withStrict">Whether strict mode is requested for tools that ask for it.</param>
    public JsonObject ToFunction(bool withStrict)
    {
        JsonObject function = Named("parameters");
        if (withStrict && Strict)
        {
            function["strict"] = true;
        }

        return new JsonObject { ["type"] = "function", ["function"] = function };
    }

    public JsonObject Named(string? schema)
    {
        var named = new JsonObject { ["name"] = Name };
        if (Description is not null)
        {
            named["description"] = Description;
        }

        if (schema is not null)
        {
            named[schema] = Schema;
        }

        return named;
    }

    private static JsonObject SchemaOf(ToolDefinition tool)
    {
        JsonElement schema = ReplyJson.TryParse(tool.ParametersJson)
            ?? throw new InvalidToolException(tool.Name, "the schema of its arguments is not JSON text");
        if (schema.ValueKind != JsonValueKind.Object || !schema.Is("type", "object"))
        {
            throw new InvalidToolException(tool.Name, "the schema of its arguments is not a JSON object whose type is object");
        }

        return ExtraMembers.ToObject(schema, int.MaxValue);
    }
}
