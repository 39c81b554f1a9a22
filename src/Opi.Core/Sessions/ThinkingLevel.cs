namespace Opi;

/// <summary>How much a model thinks before it answers, from nothing to as much as can be.</summary>
public enum ThinkingLevel : long
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As little as can be.</summary>
    Minimal,

    /// <summary>Little.</summary>
    Low,

    /// <summary>Some.</summary>
    Medium,

    /// <summary>Much.</summary>
    High,

    /// <summary>Very much.</summary>
    XHigh,

    /// <summary>As much as can be.</summary>
    Max,
}
