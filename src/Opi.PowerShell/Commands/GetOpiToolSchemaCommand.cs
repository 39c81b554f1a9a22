using System.Collections.Specialized;
using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Shows what a model sees of commands that are its tools.</summary>
[Cmdlet(VerbsCommon.Get, "OpiToolSchema", DefaultParameterSetName = "Tool")]
[OutputType(typeof(OpiToolSchema), ParameterSetName = ["Tool"])]
[OutputType(typeof(OrderedDictionary), typeof(string), ParameterSetName = ["Request"])]
public sealed class GetOpiToolSchemaCommand : OpiCmdlet
{
    private readonly List<object?> _given = [];

    /// <summary>The tools: commands, names, paths of scripts, or tables of script blocks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public object[] Tool { get; set; } = [];

    /// <summary>The provider in whose form a request has the tools.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Request")]
    [Name<Provider>]
    public Provider As { get; set; }

    /// <summary>Schemas that the provider guarantees to keep to.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>The part of the request as JSON text.</summary>
    [Parameter(ParameterSetName = "Request")]
    public SwitchParameter AsJson { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _given.AddRange(Tool);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ToolSet tools;
        try
        {
            tools = ToolSet.Of(this, _given, new ToolSetOptions { Strict = Strict });
        }
        catch (InvalidToolException error)
        {
            Stop(error.ToErrorRecord());
            return;
        }

        if (ParameterSetName == "Request")
        {
            System.Text.Json.JsonElement part = ProviderRequest.ToolsOf(As, tools.Definitions);
            WriteObject(AsJson ? part.GetRawText() : JsonTable.Of(part));
            return;
        }

        foreach (CommandTool tool in tools.Tools)
        {
            ToolDefinition definition = tool.Definition;
            WriteObject(new OpiToolSchema
            {
                Name = definition.Name,
                Description = definition.Description,
                Parameter = [.. tool.Parameters.Select(parameter => parameter.Name)],
                Required = [.. tool.Parameters.Where(parameter => parameter.IsMandatory || definition.Strict).Select(parameter => parameter.Name)],
                Schema = definition.ParametersJson,
                Strict = definition.Strict,
                Parallel = tool.Parallel,
                LeftOut = tool.LeftOut,
                Tokens = TokenEstimator.CountText(definition.Name) + TokenEstimator.CountText(definition.Description)
                    + TokenEstimator.CountText(definition.ParametersJson),
            });
        }
    }
}
