namespace Opi.PowerShell;

/// <summary>What becomes of calls that were interrupted, by the name of the tool.</summary>
/// <param name="Others">For the tools that are not named and do not say it themselves.</param>
/// <param name="ByName">For those that are.</param>
public sealed record InterruptedCalls(InterruptedCall Others, IReadOnlyDictionary<string, InterruptedCall> ByName)
{
    internal static readonly InterruptedCalls Unsaid = new(InterruptedCall.Report, new Dictionary<string, InterruptedCall>());

    /// <summary>The choice for all tools, and those by name.</summary>
    public override string ToString() => string.Join(", ", [.. ByName.Select(known => $"{known.Key} = {known.Value}"), $"others = {Others}"]);
}
