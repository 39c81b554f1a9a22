using System.Text;

namespace Opi;

/// <summary>A provider of the catalogue. Of its models only those are read that a name leads to.</summary>
internal sealed class CatalogProvider
{
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _end;
    private List<CatalogModel>? _patterns;
    private List<CatalogModel>? _models;

    /// <summary>Reads the line of a provider.</summary>
    /// <param name="bytes">The catalogue.</param>
    /// <param name="line">Where its line begins.</param>
    /// <param name="end">Where the last of its models ends.</param>
    /// <param name="sources">The sources of the catalogue.</param>
    /// <param name="sourceName">What <see cref="ModelPricing.Source"/> is to say.</param>
    public CatalogProvider(byte[] bytes, int line, int end, IReadOnlyList<CatalogSource> sources, string sourceName)
    {
        _bytes = bytes;
        _end = end;
        Sources = sources;
        SourceName = sourceName;
        int length = bytes.AsSpan(line, end - line).IndexOf((byte)'\n');
        _start = length < 0 ? end : line + length + 1;
        var json = new JsonCursor(bytes.AsSpan(line, length < 0 ? end - line : length));
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("provider"u8))
            {
                Id = json.ReadString().ToString();
            }
            else if (name.Is("names"u8))
            {
                ProviderRule = ModelRule.Read(ref json);
            }
            else if (name.Is("maker"u8))
            {
                MakerRule = ModelRule.Read(ref json);
            }
            else if (name.Is("fallbacks"u8))
            {
                Fallbacks = CatalogReader.ReadTexts(ref json);
            }
            else if (name.Is("gateway"u8))
            {
                IsGateway = json.ReadBoolean();
            }
            else
            {
                json.Skip();
            }
        }
    }

    /// <summary>Its id, in genai-prices' naming where that has it.</summary>
    public string Id { get; } = "";

    /// <summary>Which names of providers are its, beside the id; null for no others.</summary>
    public ModelRule? ProviderRule { get; }

    /// <summary>Which names of models are probably its; null when none is.</summary>
    public ModelRule? MakerRule { get; }

    /// <summary>The providers whose prices it has for models it does not list.</summary>
    public IReadOnlyList<string> Fallbacks { get; } = [];

    /// <summary>Whether it sells the models of many makers at about their prices.</summary>
    public bool IsGateway { get; }

    /// <summary>Where the catalogue's data is from.</summary>
    public IReadOnlyList<CatalogSource> Sources { get; }

    /// <summary>What the source of its prices is called.</summary>
    public string SourceName { get; }

    /// <summary>All its models, in the order in which their rules are tried.</summary>
    /// <exception cref="FormatException">A line is not a model's.</exception>
    public IReadOnlyList<CatalogModel> Models
    {
        get
        {
            if (_models is null)
            {
                var models = new List<CatalogModel>();
                for (int at = _start; at < _end; at = LineEnd(at) + 1)
                {
                    models.Add(ReadAt(at));
                }

                _models = models;
            }

            return _models;
        }
    }

    /// <summary>The first model that has this name; null when there is none.</summary>
    /// <param name="name">A name in lower case.</param>
    /// <param name="exactly">Whether only exact names count, else only the rules for several names.</param>
    public CatalogModel? Find(string name, bool exactly) => exactly ? FindExactly(name) : FindByRule(name);

    /// <summary>An exact name stands in its line as it is, in quotes.</summary>
    private CatalogModel? FindExactly(string name)
    {
        byte[] quoted = new byte[Encoding.UTF8.GetByteCount(name) + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        Encoding.UTF8.GetBytes(name, 0, name.Length, quoted, 1);
        for (int at = _start; at < _end; at = LineEnd(at) + 1)
        {
            int hit = _bytes.AsSpan(at, _end - at).IndexOf(quoted);
            if (hit < 0)
            {
                return null;
            }

            at = LineStart(at + hit);
            CatalogModel model = ReadAt(at);
            if (model.Matches(name, exactly: true) is not null)
            {
                return model;
            }
        }

        return null;
    }

    private CatalogModel? FindByRule(string name)
    {
        if (_patterns is null)
        {
            var patterns = new List<CatalogModel>();
            for (int at = _start; at < _end; at = LineEnd(at) + 1)
            {
                int hit = _bytes.AsSpan(at, _end - at).IndexOf("\"match\":"u8);
                if (hit < 0)
                {
                    break;
                }

                at = LineStart(at + hit);
                patterns.Add(ReadAt(at));
            }

            _patterns = patterns;
        }

        foreach (CatalogModel model in _patterns)
        {
            if (model.Matches(name, exactly: false) is not null)
            {
                return model;
            }
        }

        return null;
    }

    private CatalogModel ReadAt(int at) => CatalogReader.ReadModel(_bytes.AsSpan(at, LineEnd(at) - at), this);

    private int LineStart(int at) => at < _start ? _start : _bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;

    private int LineEnd(int at)
    {
        int length = _bytes.AsSpan(at, _end - at).IndexOf((byte)'\n');
        return length < 0 ? _end : at + length;
    }
}
