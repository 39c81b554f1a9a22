namespace Opi.PowerShell;

/// <summary>The tools of a turn, of whose interrupted calls the turn itself may say what becomes.</summary>
internal sealed class TurnTools(ToolSet tools, InterruptedCalls given) : ITurnTools
{
    public IReadOnlyList<ToolDefinition> Definitions => tools.Definitions;

    public void Run(IReadOnlyList<ToolCallContent> calls, Action<ToolResultMessage> done, CancellationToken cancellationToken) =>
        tools.Run(calls, done, cancellationToken);

    public InterruptedCall OnInterrupted(string name) =>
        given.ByName.TryGetValue(name, out InterruptedCall named) ? named : tools.OnInterrupted(name);
}
