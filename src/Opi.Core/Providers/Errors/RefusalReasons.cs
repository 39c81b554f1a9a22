namespace Opi;

/// <summary>Reasons by which a provider's filter, and not the model, ends an answer. The same request is refused again.</summary>
internal static class RefusalReasons
{
    private static readonly string[] Reasons =
    [
        "refusal", "content_filter", "content_filtered", "guardrail_intervened", "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
        "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "LANGUAGE", "sensitive",
    ];

    /// <summary>Whether an answer's error is one of these reasons.</summary>
    /// <param name="error">The answer's <see cref="AssistantMessage.ErrorMessage"/>.</param>
    public static bool Has(string? error) => error is not null
        && (error.StartsWith(GeminiFinish.Blocked, StringComparison.Ordinal)
            || Reasons.Contains(error.Split(':')[0], StringComparer.OrdinalIgnoreCase));
}
