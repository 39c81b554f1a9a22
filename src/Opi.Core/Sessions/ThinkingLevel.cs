namespace Opi;

/// <summary>How much a model thinks before it answers.</summary>
public enum ThinkingLevel : long
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Little.</summary>
    Low,

    /// <summary>Some.</summary>
    Medium,

    /// <summary>Much.</summary>
    High,

    /// <summary>As little as can be.</summary>
    Minimal,

    /// <summary>Very much.</summary>
    XHigh,

    /// <summary>As much as can be.</summary>
    Max,
}
