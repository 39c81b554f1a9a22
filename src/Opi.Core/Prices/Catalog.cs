namespace Opi;

/// <summary>A price catalogue: providers, their models, and the way from a name to one of them. Nothing in it changes.</summary>
internal sealed class Catalog
{
    private const string OpenRouter = "openrouter";
    private const string Bedrock = "aws";

    // How Bedrock names the makers of models, as in eu.anthropic.claude-...
    private static readonly HashSet<string> BedrockMakers =
        [
            "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "meta", "minimax", "mistral", "moonshot", "moonshotai", "nvidia",
            "openai", "qwen", "stability", "twelvelabs", "writer", "zai"
        ];

    private readonly Dictionary<string, CatalogProvider> _byId;

    public Catalog(IReadOnlyList<CatalogSource> sources, IReadOnlyList<CatalogProvider> providers, IReadOnlyDictionary<string, string> bareNames)
    {
        Sources = sources;
        Providers = providers;
        BareNames = bareNames;
        _byId = providers.ToDictionary(provider => provider.Id);
    }

    /// <summary>Where its data is from.</summary>
    public IReadOnlyList<CatalogSource> Sources { get; }

    /// <summary>The providers, in the order in which their rules are tried.</summary>
    public IReadOnlyList<CatalogProvider> Providers { get; }

    /// <summary>The provider of each name that is in use without it and that no <see cref="CatalogProvider.MakerRule"/> is for.</summary>
    public IReadOnlyDictionary<string, string> BareNames { get; }

    /// <summary>The provider that a text names; null when it names none.</summary>
    /// <param name="text">The text in lower case.</param>
    public CatalogProvider? FindProvider(string text)
    {
        string name = text.Replace('_', '-');
        return _byId.GetValueOrDefault(name) ?? _byId.GetValueOrDefault(text)
            ?? Providers.FirstOrDefault(provider => provider.ProviderRule?.Match(text) is not null);
    }

    /// <summary>The entries that a name leads to, the best first; more than one where it is ambiguous.</summary>
    /// <param name="modelSpec">The model, with or without its provider, in any of the spellings that are in use.</param>
    public IEnumerable<ModelMatch> Matches(string modelSpec)
    {
        var seen = new HashSet<CatalogModel>(ReferenceEqualityComparer.Instance);
        foreach ((CatalogProvider provider, string name) in Readings(modelSpec))
        {
            foreach (string spelling in ModelSpelling.Of(name))
            {
                foreach (ModelMatch match in MatchesIn(provider, spelling))
                {
                    if (seen.Add(match.Model!))
                    {
                        yield return match;
                    }
                }
            }
        }
    }

    private IEnumerable<ModelMatch> MatchesIn(CatalogProvider provider, string spelling)
    {
        foreach (CatalogModel model in provider.Models)
        {
            if ((model.Rule.Match(spelling) ?? model.IdRule.Match(spelling)) is { } rule)
            {
                yield return new ModelMatch($"{model.Provider}:{model.Id}", model.Origin, rule.ToString(), spelling) { Model = model };
            }
        }

        foreach (string fallback in provider.Fallbacks)
        {
            if (_byId.TryGetValue(fallback, out CatalogProvider? other))
            {
                foreach (ModelMatch match in MatchesIn(other, spelling))
                {
                    yield return match;
                }
            }
        }
    }

    /// <summary>
    /// The ways to read a name: with the provider it names before a colon or a slash, else as a model of the provider that makes such models.
    /// </summary>
    private IEnumerable<(CatalogProvider Provider, string Name)> Readings(string modelSpec)
    {
        string spec = LowerCase.Of(modelSpec.Trim());
        if (BareNames.TryGetValue(spec, out string? known))
        {
            yield return (_byId[known], spec);
        }

        int separator = IsBedrockName(spec) ? -1 : spec.AsSpan().IndexOfAny(':', '/');
        if (separator > 0)
        {
            string first = spec[..separator];
            string rest = spec[(separator + 1)..];
            if (first == "litellm")
            {
                foreach ((CatalogProvider, string) reading in Readings(rest))
                {
                    yield return reading;
                }

                yield break;
            }

            if (FindProvider(first) is { } named)
            {
                yield return (named, rest);
                int slash = rest.IndexOf('/', StringComparison.Ordinal);
                if (slash > 0 && FindProvider(rest[..slash]) == named) // anthropic:anthropic/claude-...
                {
                    yield return (named, rest[(slash + 1)..]);
                }

                if (spec[separator] == ':')
                {
                    yield break; // who is asked is said, and the price of another would be a guess
                }
            }
            else if (spec[separator] == ':' && !LooksLikeModel(first))
            {
                yield break; // a provider that the catalogue does not know
            }
        }

        if (IsBedrockName(spec) && _byId.TryGetValue(Bedrock, out CatalogProvider? bedrock))
        {
            yield return (bedrock, spec);
        }

        foreach (CatalogProvider maker in Providers)
        {
            if (maker.MakerRule?.Match(spec) is not null)
            {
                yield return (maker, spec);
            }
        }

        if (spec.Contains('/', StringComparison.Ordinal) && _byId.TryGetValue(OpenRouter, out CatalogProvider? router))
        {
            yield return (router, spec);
        }
    }

    /// <summary>Whether the text before a colon is the beginning of a model's name, as in gpt-4o:extended or meta.llama3-8b-instruct-v1:0.</summary>
    private bool LooksLikeModel(string text) =>
        IsBedrockName(text) || Providers.Any(provider => provider.MakerRule?.Match(text) is not null);

    private static bool IsBedrockName(string name)
    {
        if (name.StartsWith("arn:aws", StringComparison.Ordinal))
        {
            return true;
        }

        string[] parts = name.Split('.', 3);
        return parts.Length > 1
            && BedrockMakers.Contains(parts[0])
            || parts.Length == 3
            && parts[0].All(c => char.IsAsciiLetter(c) || c == '-')
            && BedrockMakers.Contains(parts[1]);
    }
}
