namespace Opi.PowerShell;

/// <summary>How tools are offered and run.</summary>
internal sealed record ToolSetOptions
{
    /// <summary>Whether schemas are strict, where a tool does not say otherwise.</summary>
    public bool Strict { get; init; }

    /// <summary>The most tokens of a result; what is longer is cut, and says so.</summary>
    public int MaxResultTokens { get; init; } = 10_000;

    /// <summary>How deep objects are written out as JSON.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>Asks whether a call may run: of the tool's name and its arguments as JSON. Null where all may.</summary>
    public Func<string, string, bool>? Confirm { get; init; }

    /// <summary>What becomes of a call that was interrupted, where its tool does not say.</summary>
    public InterruptedCall OnInterrupted { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
