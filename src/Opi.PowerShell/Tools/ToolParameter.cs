using System.Management.Automation;
using System.Text.Json.Nodes;

namespace Opi.PowerShell;

/// <summary>A parameter of a command that a model may give.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsMandatory">Whether the command cannot run without it.</param>
/// <param name="Aliases">Its other names.</param>
/// <param name="Schema">The JSON schema of its values.</param>
internal sealed record ToolParameter(string Name, Type Type, bool IsMandatory, IReadOnlyList<string> Aliases, JsonObject Schema)
{
    /// <summary>The common parameters of cmdlets and advanced functions.</summary>
    private static readonly string[] Common =
    [
        "Verbose", "Debug", "ErrorAction", "WarningAction", "InformationAction", "ProgressAction", "ErrorVariable", "WarningVariable",
        "InformationVariable", "OutVariable", "OutBuffer", "PipelineVariable", "WhatIf", "Confirm", "UseTransaction",
    ];

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The parameters of a set but the common ones, which a simple function may have as its own, and those that are hidden.</summary>
    public static IEnumerable<CommandParameterInfo> OwnOf(CommandParameterSetInfo set)
    {
        bool hasCommon = set.Parameters.Any(parameter => parameter.Name == "ErrorVariable")
            && set.Parameters.Any(parameter => parameter.Name == "OutBuffer");
        return set.Parameters.Where(parameter =>
            !(hasCommon && Common.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase))
                && !parameter.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.DontShow));
    }
}
