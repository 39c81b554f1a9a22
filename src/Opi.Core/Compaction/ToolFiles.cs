using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>Which files a tool call is about, by its arguments. The files of shell commands are not known.</summary>
internal static class ToolFiles
{
    private const string PatchMark = "*** ";

    private static readonly string[] PathKeys =
    [
        "path", "file_path", "filePath", "filepath", "file", "filename", "file_name", "notebook_path", "target_file", "relative_path", "paths",
        "files"
    ];

    private static readonly string[] ChangingWords =
    [
        "write", "edit", "patch", "create", "delete", "remove", "replace", "insert", "append", "update", "rename", "move", "save"
    ];

    private static readonly string[] PatchVerbs = ["Add File: ", "Update File: ", "Delete File: ", "Move to: "];

    /// <summary>The paths in a call's arguments.</summary>
    /// <param name="call">The call.</param>
    /// <param name="changes">Whether the tool changes files, by its name.</param>
    public static IEnumerable<string> Of(ToolCallContent call, out bool changes)
    {
        changes = Array.Exists(ChangingWords, word => call.Name.Contains(word, StringComparison.OrdinalIgnoreCase));
        var paths = new List<string>();
        try
        {
            JsonElement arguments = SerdeJson.Parse(Encoding.UTF8.GetBytes(call.Arguments));
            if (arguments.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty argument in arguments.EnumerateObject())
                {
                    Add(paths, argument);
                }
            }
        }
        catch (JsonException)
        {
            AddPatched(paths, call.Arguments); // a tool of free text
        }

        return paths.Where(path => path.Length > 0 && path != TextRedaction.Placeholder && !path.Contains('\n', StringComparison.Ordinal));
    }

    private static void Add(List<string> paths, JsonProperty argument)
    {
        bool isPath = PathKeys.Contains(argument.Name);
        if (argument.Value.ValueKind == JsonValueKind.Array && isPath)
        {
            paths.AddRange(argument.Value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(JsonHalves.TextOf));
        }
        else if (argument.Value.ValueKind == JsonValueKind.String && isPath)
        {
            paths.Add(JsonHalves.TextOf(argument.Value));
        }
        else if (argument.Value.ValueKind == JsonValueKind.String)
        {
            AddPatched(paths, JsonHalves.TextOf(argument.Value));
        }
    }

    /// <summary>The files of a patch in the form in which Codex writes them.</summary>
    private static void AddPatched(List<string> paths, string text)
    {
        if (!text.Contains(PatchMark, StringComparison.Ordinal))
        {
            return;
        }

        foreach (string line in text.Split('\n').Where(line => line.StartsWith(PatchMark, StringComparison.Ordinal)))
        {
            string rest = line[PatchMark.Length..].Trim();
            if (Array.Find(PatchVerbs, verb => rest.StartsWith(verb, StringComparison.Ordinal)) is { } verb)
            {
                paths.Add(rest[verb.Length..]);
            }
        }
    }
}
