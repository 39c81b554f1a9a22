namespace Opi;

/// <summary>How a server that speaks Chat Completions takes its model's thinking back.</summary>
internal enum ChatThinking
{
    /// <summary>Not at all: OpenAI, and every server that is not known to.</summary>
    None,

    /// <summary>As <c>reasoning_content</c>.</summary>
    Text,

    /// <summary>As <c>reasoning_content</c> on every answer with calls, also an empty one; a call without it is refused (DeepSeek).</summary>
    TextWithCalls,

    /// <summary>As OpenRouter's <c>reasoning_details</c>, as they came.</summary>
    Details,

    /// <summary>As parts of the content (Mistral).</summary>
    Parts,
}
