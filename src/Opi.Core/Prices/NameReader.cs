namespace Opi;

/// <summary>
/// Finds the provider that was asked from a label and a model's name. A known label names the provider, but some spellings say more than
/// a label that the log's reader assumed: those of Bedrock, Vertex, Azure and OpenRouter. An unknown label is the user's own, for
/// example of a gateway: then the price of the model's maker is used.
/// </summary>
/// <param name="catalog">Whose providers there are.</param>
/// <param name="take">Takes a way to read the name, the best first, and says whether it is enough.</param>
internal sealed class NameReader(Catalog catalog, Func<NameReading, bool> take)
{
    private const string Anthropic = "anthropic";
    private const string Bedrock = "aws";
    private const string Google = "google";
    private const string OpenAi = "openai";
    private const string OpenRouter = "openrouter";

    // How Bedrock names the makers of models, as in eu.anthropic.claude-...
    private static readonly string[] BedrockMakers =
        [
            "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "meta", "minimax", "mistral", "moonshot", "moonshotai", "nvidia",
            "openai", "qwen", "stability", "twelvelabs", "writer", "xai", "zai"
        ];

    private bool _isEnough;

    /// <summary>Reads a name in all ways, until one is enough.</summary>
    /// <param name="provider">The provider that was asked; null or empty when only the name may say it.</param>
    /// <param name="model">The model.</param>
    public void Read(string? provider, string model)
    {
        string name = LowerCase.Of(model.Trim());
        if (string.IsNullOrEmpty(provider))
        {
            ReadWhole(name, CostSource.List);
        }
        else
        {
            ReadOf(LowerCase.Of(provider.Trim()), name, CostSource.List);
        }
    }

    /// <summary>Whether a name is in the form of Bedrock: an ARN, or a maker after a point, with or without a region before it.</summary>
    public static bool IsBedrockName(string name)
    {
        if (name.StartsWith("arn:aws", StringComparison.Ordinal))
        {
            return true;
        }

        int first = name.IndexOf('.', StringComparison.Ordinal);
        if (first <= 0)
        {
            return false;
        }

        if (Array.IndexOf(BedrockMakers, name[..first]) >= 0)
        {
            return true;
        }

        int second = name.IndexOf('.', first + 1);
        return second > 0 && IsRegion(name.AsSpan(0, first)) && Array.IndexOf(BedrockMakers, name[(first + 1)..second]) >= 0;
    }

    /// <summary>A name that may begin with its provider, before a colon or a slash.</summary>
    private void ReadWhole(string name, CostSource source)
    {
        Add(catalog.FindByBareName(name), name, source);
        int separator = SeparatorOf(name);
        if (separator <= 0)
        {
            ReadBare(name, source);
            return;
        }

        string first = name[..separator];
        string rest = name[(separator + 1)..];
        if (_isEnough)
        {
            return;
        }

        bool isKnown = catalog.ById(first) is not null || IsProxy(first) || LocalServers.IsOwnServer(first)
            || catalog.FindProvider(first, out _) is not null;
        bool isSlash = name[separator] == '/';
        if (isKnown || (!isSlash && (!IsMade(first) || IsMade(rest))))
        {
            ReadOf(first, rest, source);
        }

        // gpt-4o:extended is a model; in anthropic:x the part before the colon is the provider, and another provider's price would be a guess.
        if (!_isEnough && (isSlash || IsMade(first)))
        {
            ReadBare(name, source);
        }
    }

    private static int SeparatorOf(string name)
    {
        if (name.StartsWith("http://", StringComparison.Ordinal) || name.StartsWith("https://", StringComparison.Ordinal))
        {
            return name.LastIndexOf(':');
        }

        return IsBedrockName(name) ? -1 : name.AsSpan().IndexOfAny(':', '/');
    }

    private void ReadOf(string label, string name, CostSource source)
    {
        if (IsProxy(label))
        {
            ReadWhole(name, CostSource.Maker);
            return;
        }

        bool isOwnServer = catalog.ById(label) is null && LocalServers.IsOwnServer(label);
        bool isExact = true;
        CatalogProvider? named = isOwnServer ? null : catalog.FindProvider(label, out isExact);
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        CatalogProvider? inName = slash > 0 ? catalog.FindProvider(name[..slash], out _) : null;
        if (named?.Id != Bedrock && IsBedrockName(name))
        {
            Add(catalog.ById(Bedrock), name, CostSource.List);
        }
        else if (named is null ? !isOwnServer : named.Id is Anthropic or OpenAi or Google)
        {
            ReadHost(named, inName, name, slash);
        }

        if (named is not null)
        {
            Add(named, name, source);
            if (inName == named) // anthropic:anthropic/claude-...
            {
                Add(named, name[(slash + 1)..], source);
            }
        }

        if (!_isEnough && (named is null ? !isOwnServer : named.IsGateway || !isExact))
        {
            ReadMakers(name);
        }
    }

    /// <summary>The host that a spelling names, where the label says less.</summary>
    private void ReadHost(CatalogProvider? named, CatalogProvider? inName, string name, int slash)
    {
        if (named?.Id != Google && named is not null
            && (name.Contains('@', StringComparison.Ordinal) || name.Contains("publishers/", StringComparison.Ordinal)))
        {
            Add(catalog.ById(Google), name, CostSource.List); // claude-opus-4-5@20251101
        }

        if (inName is null || inName == named)
        {
            return;
        }

        if (inName.MakerRule is null)
        {
            Add(inName, name[(slash + 1)..], CostSource.List); // azure/gpt-5
        }
        else if (named is not null)
        {
            Add(catalog.ById(OpenRouter), name, CostSource.List); // google/gemini-3.7-flash
            Add(inName, name[(slash + 1)..], CostSource.Maker);
        }
    }

    private void ReadMakers(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && catalog.FindProvider(name[..slash], out _) is { MakerRule: not null } maker)
        {
            Add(maker, name[(slash + 1)..], CostSource.Maker);
        }

        string last = name[(name.LastIndexOf('/') + 1)..];
        foreach (CatalogProvider provider in catalog.Providers)
        {
            if (provider.MakerRule?.Match(last) is not null)
            {
                Add(provider, last, CostSource.Maker);
            }
        }
    }

    private void ReadBare(string name, CostSource source)
    {
        if (IsBedrockName(name))
        {
            Add(catalog.ById(Bedrock), name, source);
        }

        foreach (CatalogProvider provider in catalog.Providers)
        {
            if (provider.MakerRule?.Match(name) is not null)
            {
                Add(provider, name, source);
            }
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            Add(catalog.ById(OpenRouter), name, source);
        }
    }

    private void Add(CatalogProvider? provider, string name, CostSource source)
    {
        if (!_isEnough && provider is not null && name.Length > 0)
        {
            _isEnough = take(new NameReading(provider, name, source));
        }
    }

    private bool IsMade(string name)
    {
        if (IsBedrockName(name))
        {
            return true;
        }

        string last = name[(name.LastIndexOf('/') + 1)..];
        foreach (CatalogProvider provider in catalog.Providers)
        {
            if (provider.MakerRule?.Match(last) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A proxy that has the provider in the model's name.</summary>
    private static bool IsProxy(string label) => label is "litellm" or "litellm_proxy" or "litellm-proxy";

    private static bool IsRegion(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetter(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
