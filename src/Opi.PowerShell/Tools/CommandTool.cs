using System.Collections;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A command of PowerShell as a tool.</summary>
/// <param name="Command">The command; a script block's source.</param>
/// <param name="Script">The script block that was given instead of a command; null for a command.</param>
/// <param name="Definition">What a model sees.</param>
/// <param name="Parameters">The parameters that the model may give, in the order of the schema.</param>
internal sealed record CommandTool(CommandInfo Command, ScriptBlock? Script, ToolDefinition Definition, IReadOnlyList<ToolParameter> Parameters)
{
    public string Name => Definition.Name;

    /// <summary>Arguments that each call has, and no model sees.</summary>
    public IReadOnlyDictionary<string, object?> Fixed { get; init; } = new Dictionary<string, object?>();

    /// <summary>Whether its calls in one answer may run at the same time, each in its own runspace.</summary>
    public bool Parallel { get; init; }

    /// <summary>Whether its objects are shown as the console shows them, also those that are plain data.</summary>
    public bool AsText { get; init; }

    /// <summary>What becomes of a call that was interrupted; null for what the caller says of all.</summary>
    public InterruptedCall? OnInterrupted { get; init; }

    /// <summary>Parameters that no model can give, because nothing in JSON becomes a value of their type.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>What is called: the command or the script block itself, never a name.</summary>
    public object Target => (object?)Script ?? Command;

    /// <summary>The parameters, for a message.</summary>
    public string ParametersText => Parameters.Count == 0
        ? "It has no parameters"
        : "Its parameters: " + string.Join(", ", Parameters.Select(parameter => parameter.Name + (parameter.IsMandatory ? " (required)" : "")));

    /// <summary>A table of arguments that the engine binds by name.</summary>
    public Hashtable NewArguments()
    {
        var arguments = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, object? value) in Fixed)
        {
            arguments[name] = value;
        }

        return arguments;
    }
}
