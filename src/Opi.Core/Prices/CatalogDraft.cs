namespace Opi;

/// <summary>A catalogue that is being built: what <see cref="CatalogWriter"/> writes.</summary>
internal sealed class CatalogDraft
{
    /// <summary>Where its data is from.</summary>
    public List<CatalogSource> Sources { get; } = [];

    public List<ProviderDraft> Providers { get; } = [];

    /// <summary>The provider of each name that is in use without it and that no rule for a maker is for.</summary>
    public SortedDictionary<string, string> BareNames { get; } = new(StringComparer.Ordinal);

    public ProviderDraft? Find(string text)
    {
        string name = LowerCase.Of(text);
        string dashed = name.Replace('_', '-');
        return Providers.Find(provider => provider.Id == dashed)
            ?? Providers.Find(provider => provider.Id == name)
            ?? Providers.Find(provider => (provider.ProviderRule?.Match(dashed) ?? provider.ProviderRule?.Match(name)) is not null);
    }

    public ProviderDraft GetOrAdd(string id)
    {
        ProviderDraft? provider = Providers.Find(other => other.Id == id);
        if (provider is null)
        {
            Providers.Add(provider = new ProviderDraft(id));
        }

        return provider;
    }
}
