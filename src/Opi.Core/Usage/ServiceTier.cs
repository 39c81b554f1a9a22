namespace Opi;

/// <summary>At which of a provider's rates a response is billed.</summary>
public enum ServiceTier : long
{
    /// <summary>The list price.</summary>
    Standard,

    /// <summary>Answered later, at a discount.</summary>
    Batch,

    /// <summary>Answered when there is room, at a discount.</summary>
    Flex,

    /// <summary>Answered first, at a surcharge.</summary>
    Priority,

    /// <summary>Answered faster, at a surcharge (Anthropic's speed "fast").</summary>
    Fast,

    /// <summary>Another rate, which has no known price.</summary>
    Other,
}
