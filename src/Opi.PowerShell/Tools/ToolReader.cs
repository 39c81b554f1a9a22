using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.PowerShell;

/// <summary>Makes tools of what a caller gives: commands, names of commands, paths of scripts, tables of script blocks.</summary>
/// <param name="cmdlet">Who asks; its session is where names and paths are looked up.</param>
/// <param name="strict">Whether schemas are strict, where a tool does not say otherwise.</param>
internal sealed class ToolReader(PSCmdlet cmdlet, bool strict)
{
    private const int LongestName = 64;

    /// <summary>Gives a script block the parameters that a function has, in a scope that ends with the call.</summary>
    private const string AsFunction = """
        param($name, $script)
        Set-Item -LiteralPath "function:local:$name" -Value $script
        Get-Command -Name $name -CommandType Function
        """;

    private static readonly CommandTypes Callable = CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet
        | CommandTypes.ExternalScript | CommandTypes.Alias | CommandTypes.Application;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<CommandTool> _tools = [];

    /// <summary>The tools in the given order; those of an unordered table by name.</summary>
    /// <param name="values">The values of a parameter.</param>
    /// <exception cref="InvalidToolException">One of them is not a tool, or cannot be offered.</exception>
    public IReadOnlyList<CommandTool> Read(IEnumerable<object?> values)
    {
        foreach (object? value in values)
        {
            Add(Plain(value), null);
        }

        return _tools;
    }

    private static object? Plain(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    private void Add(object? value, string? name)
    {
        switch (value)
        {
            case IDictionary table when ToolRequest.IsIn(table):
                AddRequest(ToolRequest.Of(table, name));
                break;
            case IDictionary table when name is null:
                IEnumerable<DictionaryEntry> entries = table.Cast<DictionaryEntry>();
                bool hasOrder = table is System.Collections.Specialized.OrderedDictionary;
                foreach (DictionaryEntry entry in hasOrder ? entries : entries.OrderBy(entry => entry.Key.ToString(), StringComparer.Ordinal))
                {
                    Add(Plain(entry.Value), entry.Key.ToString() ?? "");
                }

                break;
            case IEnumerable<object?> several when name is null:
                foreach (object? item in several)
                {
                    Add(Plain(item), null);
                }

                break;
            case not null:
                AddRequest(new ToolRequest(value) { Name = name });
                break;
            default:
                throw new InvalidToolException(name ?? "", "its value is null");
        }
    }

    private void AddRequest(ToolRequest request)
    {
        object command = Plain(request.Command)!;
        switch (command)
        {
            case CommandInfo info:
                AddCommand(request, info, null);
                break;
            case ScriptBlock script:
                string name = request.Name ?? throw new InvalidToolException(
                    "{...}", "a script block has no name. Give it one in a table, for example @{ 'Get-Answer' = { ... } }");
                AddCommand(request, FunctionOf(Valid(name), script), script);
                break;
            case FileInfo file:
                AddPath(request, WildcardPattern.Escape(file.FullName));
                break;
            case string text when IsPath(text):
                AddPath(request, text);
                break;
            case string text:
                AddCommand(request, Find(text), null);
                break;
            default:
                throw new InvalidToolException(
                    request.Name ?? command.ToString() ?? "", $"a {TypeText.Of(command.GetType())} is not a command, name, path or script block");
        }
    }

    private static bool IsPath(string text) =>
        text.Contains('/', StringComparison.Ordinal) || text.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith(".\\", StringComparison.Ordinal) || text.StartsWith("..\\", StringComparison.Ordinal);

    private CommandInfo Find(string name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
        {
            throw new InvalidToolException(
                name, "a name with wildcards may match unexpected commands. Get-Command gives those that you choose");
        }

        return cmdlet.SessionState.InvokeCommand.GetCommand(name, Callable)
            ?? throw new InvalidToolException(name, "there is no command of this name");
    }

    private void AddPath(ToolRequest request, string path)
    {
        System.Collections.ObjectModel.Collection<string> found;
        try
        {
            found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (Exception error) when (error is ItemNotFoundException or SessionStateException or NotSupportedException)
        {
            throw new InvalidToolException(path, "there is no script of this path", error);
        }

        string[] scripts =
            [.. found.Where(file => file.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) && File.Exists(file)).Order(StringComparer.Ordinal)];
        if (scripts.Length == 0)
        {
            throw new InvalidToolException(path, "there is no script (.ps1) of this path");
        }

        if (scripts.Length > 1 && request.Name is not null)
        {
            throw new InvalidToolException(request.Name, $"the path '{path}' means {scripts.Length} scripts, and one name is for one");
        }

        foreach (string script in scripts)
        {
            CommandInfo command = cmdlet.SessionState.InvokeCommand.GetCommand(script, CommandTypes.ExternalScript)
                ?? throw new InvalidToolException(script, "it is not taken as a script");
            AddCommand(request with { Name = request.Name ?? Path.GetFileNameWithoutExtension(script) }, command, null);
        }
    }

    private FunctionInfo FunctionOf(string name, ScriptBlock script)
    {
        try
        {
            foreach (PSObject found in cmdlet.SessionState.InvokeCommand.InvokeScript(true, ScriptBlock.Create(AsFunction), null, name, script))
            {
                if (found?.BaseObject is FunctionInfo function)
                {
                    return function;
                }
            }
        }
        catch (RuntimeException error)
        {
            throw new InvalidToolException(name, $"its script block cannot be read: {error.Message.TrimEnd('.')}", error);
        }

        throw new InvalidToolException(name, "its script block has no parameters that can be read");
    }

    private void AddCommand(ToolRequest request, CommandInfo command, ScriptBlock? script)
    {
        if (command is AliasInfo alias)
        {
            request = request with { Name = request.Name ?? alias.Name };
            command = alias.ResolvedCommand ?? throw new InvalidToolException(alias.Name, $"it stands for '{alias.Definition}', which is not there");
        }

        string name = Valid(request.Name ?? Path.GetFileNameWithoutExtension(command.Name) switch
        {
            var bare when command is ExternalScriptInfo => bare,
            _ => command.Name,
        });
        if (command is ApplicationInfo)
        {
            throw new InvalidToolException(name, "a program has no parameters that could be read. Wrap it in a function that has");
        }

        if (_tools.Find(tool => tool.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not null)
        {
            throw new InvalidToolException(name, "two tools have this name");
        }

        ScriptBlock? body = script ?? (command as FunctionInfo)?.ScriptBlock;
        try
        {
            body ??= (command as ExternalScriptInfo)?.ScriptBlock;
            _tools.Add(Make(request, command, script, name, ToolHelp.Of(command, body, cmdlet.SessionState.InvokeCommand)));
        }
        catch (RuntimeException error)
        {
            throw new InvalidToolException(name, $"its parameters cannot be read: {error.Message.TrimEnd('.')}", error);
        }
    }

    private CommandTool Make(ToolRequest request, CommandInfo command, ScriptBlock? script, string name, ToolHelp help)
    {
        CommandParameterInfo[] all = [.. ToolParameter.OwnOf(SetOf(request, command, name))];
        CheckNames(request, all, name);
        var parameters = new List<ToolParameter>();
        var leftOut = new List<string>();
        foreach (CommandParameterInfo info in all.Where(info => !request.Fixed.Keys.Any(key => Names(info, key))))
        {
            if (request.Exclude.Any(pattern => Matches(info, pattern)) || request.Include?.Any(pattern => Matches(info, pattern)) == false)
            {
                Require(info, name, "it is mandatory and was left out. Give it a value in Fixed, or let the model give it");
            }
            else if (ParameterOf(info, help) is { } parameter)
            {
                parameters.Add(parameter);
            }
            else
            {
                Require(info, name, $"it is mandatory, and nothing in JSON becomes a {TypeText.Of(info.ParameterType)}. Give it a value in Fixed");
                leftOut.Add(info.Name);
            }
        }

        JsonObject schema = SchemaOf(parameters);
        bool isStrict = request.Strict ?? strict;
        if (isStrict && ToolStrict.Apply(schema, "") is { } problem)
        {
            throw new InvalidToolException(name, problem);
        }

        string? description = request.Description is { } said ? said : help.Description;
        return new CommandTool(command, script, new ToolDefinition(name, description, JsonText(schema)) { Strict = isStrict }, parameters)
        {
            Fixed = request.Fixed,
            Parallel = request.Parallel,
            AsText = request.AsText,
            OnInterrupted = request.OnInterrupted,
            LeftOut = leftOut,
        };
    }

    private static void Require(CommandParameterInfo info, string tool, string problem)
    {
        if (info.IsMandatory)
        {
            throw new InvalidToolException(tool, $"its parameter '{info.Name}' cannot be offered: {problem}");
        }
    }

    private static ToolParameter? ParameterOf(CommandParameterInfo info, ToolHelp help)
    {
        if (ToolTypeSchema.Of(info.ParameterType) is not { } schema)
        {
            return null;
        }

        string? about = help[info.Name] ?? (string.IsNullOrWhiteSpace(info.HelpMessage) ? null : info.HelpMessage.Trim());
        if (about is not null)
        {
            string? note = (string?)schema["description"];
            schema.Remove("description");
            ToolTypeSchema.AddNote(schema, about);
            ToolTypeSchema.AddNote(schema, note);
        }

        ToolConstraints.Add(schema, ToolTypes.Plain(info.ParameterType), info.Attributes);
        if (!info.IsMandatory && ConstantOf(help.DefaultOf(info.Name), schema) is { } constant)
        {
            schema["default"] = constant;
        }

        return new ToolParameter(info.Name, info.ParameterType, info.IsMandatory, [.. info.Aliases], schema);
    }

    /// <summary>The default, where it is of the schema's own type.</summary>
    private static JsonNode? ConstantOf(object? value, JsonObject schema)
    {
        string[] types = schema["type"] is JsonArray several ? [.. several.Select(type => (string?)type ?? "")] : [(string?)schema["type"] ?? ""];
        return value switch
        {
            string { Length: > 0 } text when types.Contains("string") => text,
            bool flag when types.Contains("boolean") => flag,
            int number when types.Contains("integer") || types.Contains("number") => number,
            long number when types.Contains("integer") || types.Contains("number") => number,
            double number when types.Contains("number") && double.IsFinite(number) => number,
            decimal number when types.Contains("number") => number,
            _ => null,
        };
    }

    private static JsonObject SchemaOf(IReadOnlyList<ToolParameter> parameters)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.Schema))),
        };
        if (parameters.Any(parameter => parameter.IsMandatory))
        {
            schema["required"] = new JsonArray(
                [.. parameters.Where(parameter => parameter.IsMandatory).Select(parameter => JsonValue.Create(parameter.Name))]);
        }

        return schema;
    }

    private static CommandParameterSetInfo SetOf(ToolRequest request, CommandInfo command, string name)
    {
        System.Collections.ObjectModel.ReadOnlyCollection<CommandParameterSetInfo> sets = command.ParameterSets;
        if (request.ParameterSet is not { } wanted)
        {
            return sets.FirstOrDefault(set => set.IsDefault) ?? sets[0];
        }

        return sets.FirstOrDefault(set => set.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)) ?? throw new InvalidToolException(
            name, $"it has no parameter set '{wanted}'. It has {string.Join(", ", sets.Select(set => set.Name))}");
    }

    private static void CheckNames(ToolRequest request, CommandParameterInfo[] all, string name)
    {
        IEnumerable<string> patterns = [.. request.Include ?? [], .. request.Exclude];
        string? wrong = patterns.FirstOrDefault(pattern => !all.Any(info => Matches(info, pattern)))
            ?? request.Fixed.Keys.FirstOrDefault(key => !all.Any(info => Names(info, key)));
        if (wrong is not null)
        {
            throw new InvalidToolException(name, $"it has no parameter '{wrong}'. It has {string.Join(", ", all.Select(info => info.Name))}");
        }
    }

    private static bool Matches(CommandParameterInfo info, string pattern) =>
        Names(info, pattern) || WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(info.Name);

    private static bool Names(CommandParameterInfo info, string name) =>
        info.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || info.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A name that every provider takes.</summary>
    private static string Valid(string name)
    {
        var valid = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            valid.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_');
        }

        if (valid.Length == 0)
        {
            throw new InvalidToolException(name, "its name is empty");
        }

        if (!char.IsAsciiLetter(valid[0]) && valid[0] != '_')
        {
            valid.Insert(0, '_');
        }

        return valid.ToString()[..Math.Min(valid.Length, LongestName)];
    }

    private static string JsonText(JsonObject schema)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Relaxed))
        {
            schema.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
