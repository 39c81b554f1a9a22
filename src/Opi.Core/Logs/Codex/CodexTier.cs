namespace Opi;

/// <summary>A rate of OpenAI's.</summary>
/// <param name="Tier">The rate.</param>
/// <param name="Unknown">Its name, where that is a rate whose price is not known; else null.</param>
internal readonly record struct CodexTier(ServiceTier Tier, string? Unknown = null)
{
    /// <summary>Reads a value of <c>service_tier</c>. The text none, or an empty one, means the list price.</summary>
    public static CodexTier Of(JsonString text) =>
        text.Raw.IsEmpty || text.Is("default"u8) || text.Is("standard"u8) ? default
        : text.Is("priority"u8) || text.Is("fast"u8) ? new CodexTier(ServiceTier.Priority)
        : text.Is("flex"u8) ? new CodexTier(ServiceTier.Flex)
        : text.Is("batch"u8) ? new CodexTier(ServiceTier.Batch)
        : new CodexTier(ServiceTier.Other, LogText.Read(text));

    /// <summary>
    /// The rate of a response that says at which rate it was served. With a subscription the service answers <c>default</c> even if
    /// another rate was asked for and is billed, so that the rate that was asked for counts.
    /// </summary>
    public CodexTier Or(CodexTier asked) => Tier == ServiceTier.Standard ? asked : this;
}
