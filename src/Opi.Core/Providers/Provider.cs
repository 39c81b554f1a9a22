namespace Opi;

/// <summary>The shapes of a model's reply that are read. A server that speaks another's protocol has that one's shape.</summary>
public enum Provider : long
{
    /// <summary>Anthropic Messages.</summary>
    Anthropic,

    /// <summary>OpenAI Chat Completions, and the servers that speak it: Azure OpenAI, Ollama's /v1, vLLM, OpenRouter, DeepSeek.</summary>
    OpenAIChat,

    /// <summary>OpenAI Responses.</summary>
    OpenAIResponses,

    /// <summary>Gemini generateContent.</summary>
    Gemini,

    /// <summary>Ollama's own /api/chat.</summary>
    Ollama,

    /// <summary>Amazon Bedrock Converse.</summary>
    Bedrock,

    /// <summary>Gemini's Interactions API.</summary>
    GeminiInteractions,
}
