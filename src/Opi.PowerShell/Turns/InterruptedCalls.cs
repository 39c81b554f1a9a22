namespace Opi.PowerShell;

/// <summary>What becomes of calls that were interrupted, by the name of the tool.</summary>
/// <param name="Others">For the tools that are not named.</param>
/// <param name="ByName">For those that are.</param>
public sealed record InterruptedCalls(InterruptedCall Others, IReadOnlyDictionary<string, InterruptedCall> ByName)
{
    /// <summary>What becomes of a tool's calls.</summary>
    public InterruptedCall For(string name) => ByName.GetValueOrDefault(name, Others);

    /// <summary>The choice for all tools, and those by name.</summary>
    public override string ToString() => string.Join(", ", [.. ByName.Select(known => $"{known.Key} = {known.Value}"), $"others = {Others}"]);
}
