using System.Text;

namespace Opi;

/// <summary>A provider of the catalogue. Of its models only those are read that a name leads to.</summary>
internal sealed class CatalogProvider
{
    private readonly byte[] _bytes;
    private readonly int _models;
    private readonly int _end;
    private readonly string _names;
    private readonly string _makes;
    private ModelRule? _providerRule;
    private ModelRule? _makerRule;
    private List<CatalogModel>? _patterns;

    public CatalogProvider(byte[] bytes, int at, IReadOnlyList<CatalogSource> sources, string sourceName)
    {
        _bytes = bytes;
        Sources = sources;
        SourceName = sourceName;
        int end = CatalogText.LineEnd(bytes, at);
        int next = CatalogText.FindLine(bytes, Catalog.AnyProvider, at);
        _models = Math.Min(end + 1, bytes.Length);
        _end = next < 0 ? bytes.Length : next;
        at += 2;
        Id = CatalogText.Text(bytes, ref at, end);
        IsGateway = CatalogText.Text(bytes, ref at, end).Length > 0;
        string fallbacks = CatalogText.Text(bytes, ref at, end);
        Fallbacks = fallbacks.Length == 0 ? [] : fallbacks.Split(' ');
        _names = CatalogText.Text(bytes, ref at, end);
        _makes = CatalogText.Text(bytes, ref at, end);
    }

    /// <summary>Its id, in genai-prices' naming where that has it.</summary>
    public string Id { get; }

    /// <summary>Other names of the provider besides the id; null for none.</summary>
    public ModelRule? ProviderRule => _names.Length == 0 ? null : _providerRule ??= ModelRule.Parse(_names);

    /// <summary>Which names of models are probably its; null when none is.</summary>
    public ModelRule? MakerRule => _makes.Length == 0 ? null : _makerRule ??= ModelRule.Parse(_makes);

    /// <summary>The providers whose prices it has for models it does not list.</summary>
    public IReadOnlyList<string> Fallbacks { get; }

    /// <summary>Whether it sells the models of many makers at about their prices.</summary>
    public bool IsGateway { get; }

    /// <summary>Where the catalogue's data is from.</summary>
    public IReadOnlyList<CatalogSource> Sources { get; }

    public string SourceName { get; }

    /// <summary>All its models, in the order in which their rules are tried.</summary>
    /// <exception cref="FormatException">A line is not a model's.</exception>
    public IEnumerable<CatalogModel> Models
    {
        get
        {
            for (int at = _models; at < _end; at = Math.Min(CatalogText.LineEnd(_bytes, at) + 1, _end))
            {
                if (_bytes[at] == CatalogText.ModelLine)
                {
                    yield return CatalogReader.ReadModel(_bytes, at, this);
                }
            }
        }
    }

    /// <summary>The model that has exactly this name; null when there is none.</summary>
    /// <param name="name">A name in lower case.</param>
    public CatalogModel? FindExactly(string name)
    {
        byte[] field = Encoding.UTF8.GetBytes("\t" + name);
        int from = _models;
        while (from < _end)
        {
            int hit = new ReadOnlySpan<byte>(_bytes, from, _end - from).IndexOf(field);
            if (hit < 0)
            {
                return null;
            }

            int after = from + hit + field.Length;
            int line = Array.LastIndexOf(_bytes, (byte)'\n', from + hit) + 1;
            if ((after == _end || _bytes[after] is (byte)'\t' or (byte)'\n') && _bytes[line] == CatalogText.ModelLine)
            {
                CatalogModel model = CatalogReader.ReadModel(_bytes, line, this);
                if (model.IsNamed(name))
                {
                    return model;
                }
            }

            from = after;
        }

        return null;
    }

    /// <summary>The first model with a rule that this name matches; null when there is none.</summary>
    /// <param name="name">A name in lower case.</param>
    public CatalogModel? FindByRule(string name)
    {
        _patterns ??= [.. Models.Where(model => model.Rule is not null)];
        foreach (CatalogModel model in _patterns)
        {
            if (model.Rule!.Match(name, isModel: true) is not null)
            {
                return model;
            }
        }

        return null;
    }
}
