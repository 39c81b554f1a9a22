namespace Opi.PowerShell;

/// <summary>A row of usage as a parameter takes it: a response, or what is wrong with a row that came from elsewhere.</summary>
public sealed class UsageInput
{
    internal UsageInput(OpiUsage usage) => Usage = usage;

    internal UsageInput(string fault) => Fault = fault;

    /// <summary>The response; null when the row cannot be read.</summary>
    public OpiUsage? Usage { get; }

    /// <summary>Why the row cannot be read; null when it can.</summary>
    public string? Fault { get; }
}
