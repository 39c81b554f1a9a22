using System.Management.Automation;

namespace Opi.PowerShell.Tests;

/// <summary>Runs tools as a turn does: in a cmdlet, in the session of whoever calls it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "TestTools", SupportsShouldProcess = true)]
public sealed class InvokeTestToolsCommand : PSCmdlet
{
    /// <summary>The tools.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public object[] Tool { get; set; } = [];

    /// <summary>The calls, each a name and JSON text, one after the other.</summary>
    [Parameter(Position = 1)]
    public string[] Call { get; set; } = [];

    /// <summary>The bound of a result.</summary>
    [Parameter]
    public int MaxTokens { get; set; } = 10_000;

    /// <summary>The depth of objects.</summary>
    [Parameter]
    public int Depth { get; set; } = 4;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var tools = ToolSet.Of(this, Tool, new ToolSetOptions
        {
            MaxResultTokens = MaxTokens,
            Depth = Depth,
            Confirm = (name, arguments) => ShouldProcess(arguments, $"Run tool {name}"),
        });
        ToolCallContent[] calls =
            [.. Enumerable.Range(0, Call.Length / 2).Select(i => new ToolCallContent($"c{i}", Call[2 * i], Call[(2 * i) + 1]))];
        tools.Run(calls, result => WriteObject(result), CancellationToken.None);
    }
}
