using System.Text;

namespace Opi;

/// <summary>
/// A price catalogue: providers, their models, and the way from a name to one of them. It does not change. Only those lines are
/// read that a name leads to; <see cref="CatalogText"/> describes them.
/// </summary>
internal sealed class Catalog
{
    /// <summary>How the line of a provider begins.</summary>
    internal static readonly byte[] AnyProvider = [(byte)'\n', CatalogText.ProviderLine, (byte)'\t'];

    private readonly byte[] _bytes;
    private readonly string _sourceName;
    private readonly Dictionary<string, CatalogProvider?> _byId = new(StringComparer.Ordinal);
    private readonly List<CatalogSource> _sources = [];
    private List<CatalogProvider>? _providers;

    /// <summary>Reads a catalogue.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="sourceName">The value for <see cref="ModelPricing.Source"/>.</param>
    /// <exception cref="FormatException">It is not a catalogue, or of another format.</exception>
    public Catalog(byte[] bytes, string sourceName)
    {
        _bytes = bytes;
        _sourceName = sourceName;
        int end = CatalogText.LineEnd(bytes, 0);
        if (Encoding.UTF8.GetString(bytes, 0, Math.Min(end, 100)) != CatalogText.Header)
        {
            throw new FormatException("it is not a catalogue of this version of Opi");
        }

        int at = end + 1;
        while (at < bytes.Length && bytes[at] == CatalogText.SourceLine)
        {
            end = CatalogText.LineEnd(bytes, at);
            at += 2;
            string name = CatalogText.Text(bytes, ref at, end);
            string version = CatalogText.Text(bytes, ref at, end);
            _sources.Add(new CatalogSource(name, version, CatalogText.Text(bytes, ref at, end)));
            at = end + 1;
        }
    }

    /// <summary>Where its data is from.</summary>
    public IReadOnlyList<CatalogSource> Sources => _sources;

    /// <summary>The providers, in the order in which their rules are tried.</summary>
    public IReadOnlyList<CatalogProvider> Providers
    {
        get
        {
            if (_providers is null)
            {
                var providers = new List<CatalogProvider>();
                for (int at = CatalogText.FindLine(_bytes, AnyProvider, 0); at >= 0; at = CatalogText.FindLine(_bytes, AnyProvider, at))
                {
                    int id = at + 2;
                    providers.Add(ById(CatalogText.Text(_bytes, ref id, CatalogText.LineEnd(_bytes, at)))!);
                }

                _providers = providers;
            }

            return _providers;
        }
    }

    /// <summary>The newest date of its data, as yyyy-MM-dd.</summary>
    public string Date => _sources.Max(source => source.Version) ?? "";

    public CatalogProvider? ById(string id)
    {
        lock (_byId)
        {
            if (!_byId.TryGetValue(id, out CatalogProvider? provider))
            {
                int at = CatalogText.FindLine(_bytes, Encoding.UTF8.GetBytes("\nP\t" + id + "\t"), 0);
                provider = at < 0 ? null : new CatalogProvider(_bytes, at, _sources, _sourceName);
                _byId.Add(id, provider);
            }

            return provider;
        }
    }

    /// <summary>The provider that a text names; null when it names none.</summary>
    /// <param name="text">The text in lower case.</param>
    /// <param name="isExact">Whether the text is a name of the provider's, and not only like one.</param>
    public CatalogProvider? FindProvider(string text, out bool isExact)
    {
        string name = text.Replace('_', '-');
        isExact = true;
        if ((ById(name) ?? (name == text ? null : ById(text))) is { } provider)
        {
            return provider;
        }

        foreach (CatalogProvider other in Providers)
        {
            if ((other.ProviderRule?.Match(name) ?? other.ProviderRule?.Match(text)) is { } rule)
            {
                isExact = rule.IsExact;
                return other;
            }
        }

        return null;
    }

    /// <summary>The provider of a model name that is used without a provider and that no maker's rule matches; null when there is none.</summary>
    public CatalogProvider? FindByBareName(string name)
    {
        int at = CatalogText.FindLine(_bytes, Encoding.UTF8.GetBytes("\nB\t" + name + "\t"), 0);
        if (at < 0)
        {
            return null;
        }

        int end = CatalogText.LineEnd(_bytes, at);
        at = CatalogText.FieldEnd(_bytes, at + 2, end) + 1;
        return ById(CatalogText.Text(_bytes, ref at, end));
    }

    /// <summary>The entry that a model leads to; null when there is none.</summary>
    /// <param name="provider">The provider that was asked; null when not known.</param>
    /// <param name="model">The model, in any common spelling.</param>
    public CatalogMatch? Find(string? provider, string model)
    {
        List<CatalogMatch> found = Find(provider, model, isFirstOnly: true);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>All entries that a model can lead to, the best first; more than one where it is ambiguous.</summary>
    /// <inheritdoc cref="Find(string?, string)" path="/param"/>
    public List<CatalogMatch> FindAll(string? provider, string model) => Find(provider, model, isFirstOnly: false);

    private List<CatalogMatch> Find(string? provider, string model, bool isFirstOnly)
    {
        var found = new List<CatalogMatch>();
        var reader = new NameReader(this, reading => Find(reading.Provider, reading.Name, reading.Source, found, isFirstOnly));
        reader.Read(provider, model);
        return found;
    }

    /// <summary>Looks for a name in a provider's models: exact names first, since a rule for several is for those without an entry.</summary>
    /// <returns>Whether that is enough.</returns>
    private bool Find(CatalogProvider provider, string name, CostSource source, List<CatalogMatch> found, bool isFirstOnly)
    {
        if (Add(found, provider.FindExactly(name), source, name, exactly: true) && isFirstOnly)
        {
            return true;
        }

        return FindSpelled(provider, ModelSpelling.Of(name), source, found, isFirstOnly);
    }

    private bool FindSpelled(CatalogProvider provider, List<string> spellings, CostSource source, List<CatalogMatch> found, bool isFirstOnly)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (string spelling in spellings)
            {
                CatalogModel? model = pass == 0 ? provider.FindExactly(spelling) : provider.FindByRule(spelling);
                if (Add(found, model, source, spelling, exactly: pass == 0) && isFirstOnly)
                {
                    return true;
                }
            }
        }

        foreach (string fallback in provider.Fallbacks)
        {
            if (ById(fallback) is { } other && FindSpelled(other, spellings, source, found, isFirstOnly))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Add(List<CatalogMatch> found, CatalogModel? model, CostSource source, string spelling, bool exactly)
    {
        if (model is null)
        {
            return false;
        }

        foreach (CatalogMatch match in found)
        {
            if (match.Model.Provider == model.Provider && match.Model.Id == model.Id)
            {
                return false;
            }
        }

        found.Add(new CatalogMatch(model, source, spelling, exactly));
        return true;
    }
}
