namespace Opi.PowerShell;

/// <summary>What to do with interrupted calls, by the name of the tool.</summary>
public sealed class InterruptedCalls
{
    internal static readonly InterruptedCalls Unsaid = new(InterruptedCall.Report, new Dictionary<string, InterruptedCall>());

    internal InterruptedCalls(InterruptedCall others, IReadOnlyDictionary<string, InterruptedCall> byName) => (Others, ByName) = (others, byName);

    /// <summary>For the tools that are not named and do not say it themselves.</summary>
    internal InterruptedCall Others { get; }

    /// <summary>For those that are.</summary>
    internal IReadOnlyDictionary<string, InterruptedCall> ByName { get; }

    /// <summary>The choice for all tools, and those by name.</summary>
    public override string ToString() => string.Join(", ", [.. ByName.Select(known => $"{known.Key} = {known.Value}"), $"others = {Others}"]);
}
