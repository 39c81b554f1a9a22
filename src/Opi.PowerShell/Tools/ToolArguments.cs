using System.Collections;
using System.Management.Automation;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>The arguments of a call, as a table that the engine binds by name: nothing of them is ever read as script.</summary>
internal static class ToolArguments
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = ObjectJson.MaxDepth };

    /// <summary>Reads the arguments of a call.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="json">What the model wrote.</param>
    /// <param name="problem">What is wrong with them, for the model; null when nothing is.</param>
    public static Hashtable? Read(CommandTool tool, string json, out string? problem)
    {
        Hashtable arguments = tool.NewArguments();
        try
        {
            using JsonDocument document = JsonDocument.Parse(string.IsNullOrWhiteSpace(json) ? "{}" : json, Options);
            problem = document.RootElement.ValueKind == JsonValueKind.Object
                ? Add(tool, document.RootElement, arguments)
                : $"The arguments are not a JSON object. {tool.ParametersText}.";
        }
        catch (JsonException error)
        {
            problem = $"The arguments are not valid JSON: {error.Message.TrimEnd('.')}. {tool.ParametersText}.";
        }
        catch (Exception error) when (error is PSInvalidCastException or InvalidOperationException) // the latter: half a surrogate pair
        {
            problem = $"The arguments cannot be used: {error.Message.TrimEnd('.')}. {tool.ParametersText}.";
        }

        return problem is null ? arguments : null;
    }

    private static string? Add(CommandTool tool, JsonElement given, Hashtable arguments)
    {
        var seen = new Dictionary<ToolParameter, string>();
        foreach (JsonProperty member in given.EnumerateObject())
        {
            if (tool.Parameters.FirstOrDefault(parameter => parameter.Is(member.Name)) is not { } parameter)
            {
                return $"{tool.Name} has no parameter '{member.Name}'. {tool.ParametersText}.";
            }

            if (seen.TryGetValue(parameter, out string? other) && other != member.Name)
            {
                return $"The parameter '{parameter.Name}' of {tool.Name} is given twice, as '{other}' and as '{member.Name}'.";
            }

            seen[parameter] = member.Name;
            bool isLeftOut = member.Value.ValueKind == JsonValueKind.Null && !parameter.IsMandatory; // as strict schemas have it
            if (!isLeftOut)
            {
                arguments[parameter.Name] = ToolValue.Of(member.Value, parameter.Type);
            }
        }

        string[] missing =
            [.. tool.Parameters.Where(parameter => parameter.IsMandatory && !seen.ContainsKey(parameter)).Select(parameter => parameter.Name)];
        return missing.Length == 0 ? null
            : $"{tool.Name} needs {(missing.Length == 1 ? "the parameter" : "the parameters")} {string.Join(", ", missing)}. {tool.ParametersText}.";
    }
}
