namespace Opi.PowerShell;

/// <summary>The request format for a model when -As is not given.</summary>
internal static class ProviderOf
{
    /// <summary>The shape by the name of the model's provider; null when the model is not known.</summary>
    /// <param name="model">The model as <c>provider:model</c>.</param>
    public static Provider? Model(string? model)
    {
        (string provider, string name) = ModelName.Split(model);
        return provider switch
        {
            "" => null,
            "anthropic" => Provider.Anthropic,
            "gemini" or "google" => Provider.Gemini,
            "vertex" => name.Contains("claude", StringComparison.OrdinalIgnoreCase) ? Provider.Anthropic : Provider.Gemini,
            "bedrock" => Provider.Bedrock,
            "ollama" => Provider.Ollama,
            _ => Provider.OpenAIChat, // what all others speak, OpenAI's own and Azure too
        };
    }
}
