namespace Opi;

/// <summary>
/// What calls of a provider's tools cost, in USD for a thousand. Only this class has them. The figures come from the providers'
/// price pages: OpenAI's (built-in tools), Anthropic's (web search) and xAI's (server-side tools). What runs by the hour or in a container,
/// and what has a free amount a month, has no price here: the reply does not say how much of it is billed.
/// </summary>
internal static class FeePrices
{
    private const string OpenAi = "openai";
    private const string Azure = "azure";
    private const string Anthropic = "anthropic";
    private const string XAi = "x-ai";

    private static readonly (string Provider, string Kind, decimal Price)[] Prices =
        [
            (OpenAi, "web_search", 10m),
            (OpenAi, "file_search", 2.5m),
            (OpenAi, "mcp", 0m),
            (OpenAi, "tool_search", 0m),
            (OpenAi, "apply_patch", 0m),
            (OpenAi, "moderation", 0m),
            (Azure, "file_search", 2.5m),
            (Azure, "mcp", 0m),
            (Anthropic, "web_search", 10m),
            (Anthropic, "web_fetch", 0m),
            (XAi, "web_search", 5m),
            (XAi, "x_search", 5m),
            (XAi, "code_interpreter", 5m),
            (XAi, "code_execution", 5m),
            (XAi, "file_search", 2.5m),
            (XAi, "collections_search", 2.5m),
            (XAi, "attachment_search", 10m),
            (XAi, "mcp", 0m),
        ];

    private static readonly string[] Endings = ["_calls", "_call", "_requests", "_request"];

    /// <summary>The price of a thousand calls; null when it is not known.</summary>
    /// <param name="provider">The provider's id in the catalogue.</param>
    /// <param name="kind">What was called, as the provider names it, with or without an ending such as <c>_calls</c>.</param>
    public static decimal? Of(string provider, string kind)
    {
        string name = LowerCase.Of(kind);
        foreach (string ending in Endings)
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                name = name[..^ending.Length];
                break;
            }
        }

        foreach ((string Provider, string Kind, decimal Price) fee in Prices)
        {
            if (fee.Provider == provider && fee.Kind == name)
            {
                return fee.Price;
            }
        }

        return null;
    }

    /// <summary>The price of a thousand web searches of a provider; null when it is not known.</summary>
    public static decimal? WebSearch(string provider) => Of(provider, "web_search");
}
