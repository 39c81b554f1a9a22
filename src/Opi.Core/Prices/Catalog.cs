namespace Opi;

/// <summary>
/// A price catalogue: providers, their models, and the way from a name to one of them. Nothing in it changes. It is a JSON object a line. The
/// first has the sources; then each provider is followed by its models. Loading reads the lines of the providers only.
/// </summary>
internal sealed class Catalog
{
    /// <summary>The form of the lines.</summary>
    public const int Format = 2;

    private readonly byte[] _bytes;
    private readonly int _headerEnd;
    private readonly List<CatalogProvider> _providers = [];
    private readonly Dictionary<string, CatalogProvider> _byId = new(StringComparer.Ordinal);

    /// <summary>Reads a catalogue.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="sourceName">What <see cref="ModelPricing.Source"/> is to say.</param>
    /// <exception cref="FormatException">It is not a catalogue, or of another format.</exception>
    public Catalog(byte[] bytes, string sourceName)
    {
        _bytes = bytes;
        try
        {
            _headerEnd = bytes.AsSpan().IndexOf((byte)'\n');
            Sources = ReadHeader(bytes.AsSpan(0, Math.Max(0, _headerEnd)));
            for (int at = _headerEnd + 1; at < bytes.Length;)
            {
                int next = bytes.AsSpan(at).IndexOf("\n{\"provider\""u8);
                int end = next < 0 ? bytes.Length : at + next + 1;
                var provider = new CatalogProvider(bytes, at, end, Sources, sourceName);
                _providers.Add(provider);
                _byId.Add(provider.Id, provider);
                at = end;
            }
        }
        catch (Exception error) when (error is WireException or ArgumentException)
        {
            throw new FormatException("it is not a catalogue", error);
        }
    }

    /// <summary>Where its data is from.</summary>
    public IReadOnlyList<CatalogSource> Sources { get; }

    /// <summary>The providers, in the order in which their rules are tried.</summary>
    public IReadOnlyList<CatalogProvider> Providers => _providers;

    /// <summary>The newest date of its data, as yyyy-MM-dd.</summary>
    public string Date => Sources.Max(source => source.Version) ?? "";

    /// <summary>The provider of an id; null when there is none.</summary>
    public CatalogProvider? ById(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The provider that a text names; null when it names none.</summary>
    /// <param name="text">The text in lower case.</param>
    /// <param name="isExact">Whether the text is a name of the provider's, and not only like one.</param>
    public CatalogProvider? FindProvider(string text, out bool isExact)
    {
        string name = text.Replace('_', '-');
        isExact = true;
        if (_byId.TryGetValue(name, out CatalogProvider? provider) || _byId.TryGetValue(text, out provider))
        {
            return provider;
        }

        foreach (CatalogProvider other in _providers)
        {
            if (other.ProviderRule?.Match(name) is { } rule)
            {
                isExact = rule.IsExact;
                return other;
            }
        }

        return null;
    }

    /// <summary>The provider of a name that is in use without it and that no maker's rule is for; null when there is none.</summary>
    public CatalogProvider? FindByBareName(string name)
    {
        byte[] quoted = System.Text.Encoding.UTF8.GetBytes($"\"{name}\":\"");
        ReadOnlySpan<byte> header = _bytes.AsSpan(0, _headerEnd);
        int at = header.IndexOf(quoted);
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> id = header[(at + quoted.Length)..];
        return _byId.GetValueOrDefault(System.Text.Encoding.UTF8.GetString(id[..id.IndexOf((byte)'"')]));
    }

    /// <summary>The entry that a model leads to; null when there is none.</summary>
    /// <param name="provider">Who was asked; null when nobody says.</param>
    /// <param name="model">The model, in any of the spellings that are in use.</param>
    public CatalogMatch? Find(string? provider, string model)
    {
        var found = new List<CatalogMatch>();
        Find(provider, model, found, isFirstOnly: true);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>All entries that a model can lead to, the best first; more than one where it is ambiguous.</summary>
    /// <inheritdoc cref="Find(string?, string)" path="/param"/>
    public List<CatalogMatch> FindAll(string? provider, string model)
    {
        var found = new List<CatalogMatch>();
        Find(provider, model, found, isFirstOnly: false);
        return found;
    }

    private void Find(string? provider, string model, List<CatalogMatch> found, bool isFirstOnly)
    {
        foreach (NameReading reading in new NameReader(this).Read(provider, model))
        {
            List<string> spellings = ModelSpelling.Of(reading.Name);
            Find(reading.Provider, spellings, reading.Source, found, isFirstOnly);
            if (isFirstOnly && found.Count > 0)
            {
                return;
            }
        }
    }

    /// <summary>Its exact names first: a rule for several names is for those that have no entry of their own.</summary>
    private void Find(CatalogProvider provider, List<string> spellings, CostSource source, List<CatalogMatch> found, bool isFirstOnly)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (string spelling in spellings)
            {
                if (provider.Find(spelling, exactly: pass == 0) is { } model && !Has(found, model))
                {
                    found.Add(new CatalogMatch(model, source, spelling, exactly: pass == 0));
                    if (isFirstOnly)
                    {
                        return;
                    }
                }
            }
        }

        foreach (string fallback in provider.Fallbacks)
        {
            if (ById(fallback) is { } other)
            {
                Find(other, spellings, source, found, isFirstOnly);
                if (isFirstOnly && found.Count > 0)
                {
                    return;
                }
            }
        }
    }

    private static bool Has(List<CatalogMatch> found, CatalogModel model)
    {
        foreach (CatalogMatch match in found)
        {
            if (match.Model.Provider == model.Provider && match.Model.Id == model.Id)
            {
                return true;
            }
        }

        return false;
    }

    private static List<CatalogSource> ReadHeader(ReadOnlySpan<byte> line)
    {
        List<CatalogSource>? sources = null;
        bool isKnown = false;
        var json = new JsonCursor(line);
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("format"u8))
            {
                isKnown = json.ReadCount() == Format;
            }
            else if (name.Is("sources"u8))
            {
                sources = [];
                json.BeginArray();
                while (json.NextElement())
                {
                    sources.Add(ReadSource(ref json));
                }
            }
            else
            {
                json.Skip();
            }
        }

        return isKnown && sources is { Count: > 0 } ? sources : throw new FormatException("it is of another version of Opi");
    }

    private static CatalogSource ReadSource(ref JsonCursor json)
    {
        string name = "";
        string version = "";
        string licence = "";
        json.BeginObject();
        while (json.NextProperty(out JsonString member))
        {
            if (member.Is("name"u8))
            {
                name = json.ReadString().ToString();
            }
            else if (member.Is("version"u8))
            {
                version = json.ReadString().ToString();
            }
            else if (member.Is("licence"u8))
            {
                licence = json.ReadString().ToString();
            }
            else
            {
                json.Skip();
            }
        }

        return new CatalogSource(name, version, licence);
    }
}
