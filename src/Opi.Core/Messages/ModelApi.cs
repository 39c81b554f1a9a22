namespace Opi;

/// <summary>The protocol of a model's provider, with the names of the file format.</summary>
internal enum ModelApi : long
{
    Anthropic,

    /// <summary>OpenAI, and the many servers that speak its protocol.</summary>
    OpenAi,

    Google,

    Mistral,
}
