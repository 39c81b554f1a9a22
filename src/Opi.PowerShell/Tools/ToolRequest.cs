using System.Collections;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>What a caller says of a tool: a command alone, or a table with the command and how it is offered.</summary>
internal sealed record ToolRequest(object Command)
{
    private static readonly string[] Keys =
        ["Command", "Name", "Description", "Include", "Exclude", "ParameterSet", "Fixed", "Parallel", "Strict", "Output", "OnInterrupted"];

    /// <summary>The name; null for the command's own.</summary>
    public string? Name { get; init; }

    /// <summary>What it does; null for what the command's help says.</summary>
    public string? Description { get; init; }

    /// <summary>The parameters to offer, wildcards allowed; null for all.</summary>
    public IReadOnlyList<string>? Include { get; init; }

    /// <summary>The parameters to leave out, wildcards allowed.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The parameter set; null for the default one.</summary>
    public string? ParameterSet { get; init; }

    /// <summary>Arguments of each call that the model neither sees nor gives.</summary>
    public IReadOnlyDictionary<string, object?> Fixed { get; init; } = new Dictionary<string, object?>();

    /// <inheritdoc cref="CommandTool.Parallel"/>
    public bool Parallel { get; init; }

    /// <summary>Whether its schema is strict; null for what the caller says of all.</summary>
    public bool? Strict { get; init; }

    /// <inheritdoc cref="CommandTool.AsText"/>
    public bool AsText { get; init; }

    /// <inheritdoc cref="CommandTool.OnInterrupted"/>
    public InterruptedCall? OnInterrupted { get; init; }

    /// <summary>Whether a table describes one tool; otherwise its keys are names of tools.</summary>
    public static bool IsIn(IDictionary table) =>
        table.Keys.Cast<object>().Any(key => key is string name && name.Equals("Command", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a table that describes one tool.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">Its key in an outer table; null for none.</param>
    /// <exception cref="InvalidToolException">A key is not known, or a value is not of its kind.</exception>
    public static ToolRequest Of(IDictionary table, string? name)
    {
        var given = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        name ??= table["Name"]?.ToString() ?? table["Command"]?.ToString();
        foreach (DictionaryEntry entry in table)
        {
            string key = entry.Key as string ?? entry.Key.ToString() ?? "";
            if (!Keys.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidToolException(name ?? "?", $"'{key}' says nothing of a tool; known are {string.Join(", ", Keys)}");
            }

            given[key] = entry.Value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : entry.Value;
        }

        name = Text("Name") ?? name;
        return new ToolRequest(given["Command"] ?? throw new InvalidToolException(name ?? "?", "its Command is null"))
        {
            Name = name,
            Description = Text("Description"),
            Include = given.ContainsKey("Include") ? Texts("Include") : null,
            Exclude = Texts("Exclude"),
            ParameterSet = Text("ParameterSet"),
            Fixed = FixedArguments(),
            Parallel = Flag("Parallel") ?? false,
            Strict = Flag("Strict"),
            AsText = Choice("Output", "Auto", "Text") == "Text",
            OnInterrupted = Choice("OnInterrupted", "Report", "Run") is { } choice ? Enum.Parse<InterruptedCall>(choice) : null,
        };

        string? Text(string key) => given.GetValueOrDefault(key) switch
        {
            null => null,
            string text => text,
            var other => throw Wrong(key, "a text", other),
        };

        string[] Texts(string key) => given.GetValueOrDefault(key) switch
        {
            null => [],
            string text => [text],
            IEnumerable several => [.. several.Cast<object?>().Select(item => item?.ToString() ?? "")],
            var other => throw Wrong(key, "one or more texts", other),
        };

        bool? Flag(string key) => given.GetValueOrDefault(key) switch
        {
            null => null,
            bool flag => flag,
            SwitchParameter flag => flag.IsPresent,
            var other => throw Wrong(key, "$true or $false", other),
        };

        string? Choice(string key, params string[] choices) => given.GetValueOrDefault(key)?.ToString() is not { } text ? null
            : Array.Find(choices, choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?? throw Wrong(key, string.Join(" or ", choices), text);

        Dictionary<string, object?> FixedArguments()
        {
            var arguments = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            IDictionary fixedOnes = given.GetValueOrDefault("Fixed") switch
            {
                null => new Hashtable(),
                IDictionary some => some,
                var other => throw Wrong("Fixed", "a table of arguments", other),
            };
            foreach (DictionaryEntry entry in fixedOnes)
            {
                arguments[entry.Key.ToString() ?? ""] = entry.Value;
            }

            return arguments;
        }

        InvalidToolException Wrong(string key, string wanted, object other) =>
            new(name ?? "?", $"its {key} is '{other}' and has to be {wanted}");
    }
}
