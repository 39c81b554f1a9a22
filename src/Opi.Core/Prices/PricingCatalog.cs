using System.Collections.Concurrent;
using System.Globalization;

namespace Opi;

/// <summary>
/// The prices and windows of models: the user's own, then those of an imported file, then the catalogue of this assembly, then opi's table
/// for names that all these lack. An instance does not change, so whoever prices many responses takes one and keeps it.
/// </summary>
public sealed class PricingCatalog
{
    private const string UserFile = "pricing.json";
    private const string ImportFile = "prices.jsonl";
    private const int MaxRemembered = 10_000;
    private const int LookAgainAfter = 200; // ms
    private static readonly Lazy<Catalog> BuiltIn = new(LoadBuiltIn);
    private static volatile PricingCatalog? _current;

    private readonly ConcurrentDictionary<string, CatalogModel?> _found = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly (DateTime, long) _userState;
    private readonly (DateTime, long) _importState;
    private readonly UserPricing _user = UserPricing.Empty;
    private readonly Catalog? _imported;
    private long _lookedAt = Environment.TickCount64;

    private PricingCatalog(string folder)
    {
        _folder = folder;
        _userState = StateOf(UserPath);
        _importState = StateOf(ImportPath);
        var problems = new List<InvalidPriceFileException>();
        try
        {
            _user = _userState == default ? UserPricing.Empty : UserPricing.Read(UserPath);
        }
        catch (InvalidPriceFileException error)
        {
            problems.Add(error);
        }

        try
        {
            _imported = _importState == default ? null : CatalogFormat.Read(RegularFile.ReadAllBytes(ImportPath), "Import");
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            problems.Add(new InvalidPriceFileException(ImportPath, null, error.Message.TrimEnd('.'), error));
        }

        Problems = problems;
    }

    /// <summary>The prices in force. What was set or imported since the last call, by any process, is in it.</summary>
    public static PricingCatalog Default
    {
        get
        {
            string folder = OpiFolders.Settings;
            PricingCatalog? current = _current;
            if (current is null || !current.IsCurrent(folder))
            {
                _current = current = new PricingCatalog(folder);
            }

            Volatile.Write(ref current._lookedAt, Environment.TickCount64);
            return current;
        }
    }

    /// <summary>
    /// As <see cref="Default"/>, but what another process has just changed may be missing. For each turn, where looking at the files takes
    /// too long.
    /// </summary>
    internal static PricingCatalog Recent =>
        _current is { } current && Environment.TickCount64 - Volatile.Read(ref current._lookedAt) < LookAgainAfter ? current : Default;

    /// <summary>The files of the settings folder that could not be read. Their prices are not in force; whoever shows costs says so.</summary>
    public IReadOnlyList<OpiException> Problems { get; }

    /// <summary>
    /// All models that have a price, as <c>provider:model</c>: by provider as in the catalogue, and the latest first, as far as names tell.
    /// </summary>
    public IEnumerable<string> Models => Catalogs.SelectMany(catalog => catalog.Providers).SelectMany(provider => provider.Models
        .Where(model => model.Prices.Count > 0)
        .OrderByDescending(model => model.Id, StringComparer.Ordinal)
        .Select(model => $"{model.Provider}:{model.Id}")).Distinct();

    private IEnumerable<Catalog> Catalogs => _imported is null ? [BuiltIn.Value] : [_imported, BuiltIn.Value];

    private string UserPath => Path.Combine(_folder, UserFile);

    private string ImportPath => Path.Combine(_folder, ImportFile);

    /// <summary>All prices in force at a time, by provider and model.</summary>
    /// <param name="at">The time; null for now.</param>
    public IReadOnlyList<ModelPricing> PricesAt(DateTimeOffset? at = null)
    {
        DateTimeOffset time = at ?? DateTimeOffset.UtcNow;
        IEnumerable<CatalogModel> models = Catalogs
            .SelectMany(catalog => catalog.Providers.SelectMany(provider => provider.Models).DistinctBy(model => (model.Provider, model.Id)))
            .GroupBy(model => (model.Provider, model.Id))
            .Select(same => same.Aggregate(Combine));
        return [.. models.Select(model => model.PriceAt(time)).OfType<ModelPricing>()
            .Concat(_user.Prices.Where(price => price.IsValidAt(time)).DistinctBy(UserPricing.Name, StringComparer.OrdinalIgnoreCase))
            .Concat(SeedPricing.Default.Prices)
            .OrderBy(price => price.Provider, StringComparer.Ordinal)
            .ThenBy(price => price.Model, StringComparer.Ordinal)];
    }

    /// <summary>The price of a model; null when nobody knows it, which is not the same as free.</summary>
    /// <param name="modelSpec">The model as <c>provider:model</c>, or in another spelling that is in use; upper and lower case are the same.</param>
    /// <param name="at">When the response came, since prices change; null for now.</param>
    public ModelPricing? Find(string? modelSpec, DateTimeOffset? at = null)
    {
        CatalogModel? model = FindModel(modelSpec);
        DateTimeOffset time = at ?? DateTimeOffset.UtcNow;
        return FindOwn(modelSpec, model, time) ?? model?.PriceAt(time) ?? SeedPricing.Default.Find(modelSpec);
    }

    /// <summary>The user's own price of exactly this name or pattern and time; null when there is none.</summary>
    public ModelPricing? Own(string name, DateTimeOffset? validFrom) =>
        _user.Prices.FirstOrDefault(
            price => price.ValidFrom == validFrom && string.Equals(UserPricing.Name(price), name, StringComparison.OrdinalIgnoreCase));

    /// <summary>How many tokens a model's context can have; null when nobody knows.</summary>
    /// <param name="modelSpec">The model as in <see cref="Find"/>.</param>
    public long? ContextWindow(string? modelSpec)
    {
        CatalogModel? model = FindModel(modelSpec);
        return FindOwn(modelSpec, model, DateTimeOffset.UtcNow)?.ContextWindow ?? model?.ContextWindow;
    }

    /// <summary>The entries that a name leads to. The first is the one in force; there are more where the name is ambiguous.</summary>
    /// <param name="modelSpec">The model as in <see cref="Find"/>.</param>
    public IEnumerable<ModelMatch> Matches(string modelSpec)
    {
        ArgumentNullException.ThrowIfNull(modelSpec);
        if (FindOwn(modelSpec, FindModel(modelSpec), DateTimeOffset.UtcNow) is { } own)
        {
            yield return new ModelMatch(UserPricing.Name(own), "your own prices", $"'{UserPricing.Name(own)}'", modelSpec);
        }

        foreach (ModelMatch match in Catalogs.SelectMany(catalog => catalog.Matches(modelSpec)))
        {
            yield return match;
        }

        if (SeedPricing.Default.Find(modelSpec) is { } seed)
        {
            yield return new ModelMatch($"{seed.Provider}:{seed.Model}", "opi's table", $"'{seed.Model}'", modelSpec);
        }
    }

    /// <summary>
    /// Sets the user's own price of a model, or of all that a pattern is for. It goes before all others, from now on in every process.
    /// </summary>
    /// <param name="price">The price. Its provider and model are the name or pattern.</param>
    /// <returns>The price as it is kept.</returns>
    /// <exception cref="InvalidPriceFileException">The file of own prices cannot be read. It was left as it is.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static ModelPricing Set(ModelPricing price)
    {
        ArgumentNullException.ThrowIfNull(price);
        ModelPricing own = price with { Source = UserPricing.Source, Tiers = [], DailyFrom = null, DailyUntil = null, MaxOutputTokens = null };
        UserPricing.Change(Path.Combine(OpiFolders.Settings, UserFile), UserPricing.Name(own), own.ValidFrom, own);
        _current = null;
        return own;
    }

    /// <summary>Takes out the user's own prices of a name or pattern.</summary>
    /// <returns>Whether there were any.</returns>
    /// <inheritdoc cref="Set" path="/exception"/>
    public static bool Remove(string name)
    {
        bool removed = UserPricing.Change(Path.Combine(OpiFolders.Settings, UserFile), name, null, null);
        _current = null;
        return removed;
    }

    /// <summary>Puts the prices of a file of genai-prices or LiteLLM before those of this assembly, in place of what was imported before.</summary>
    /// <exception cref="InvalidPriceFileException">The file is not as it must be. The prices in force stay.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static PricingImport Import(string path)
    {
        (Catalog catalog, PricingImport summary) = PricingImport.Read(path, BuiltIn.Value);
        string folder = OpiFolders.Settings;
        Directory.CreateDirectory(folder);
        NewFile.Write(Path.Combine(folder, ImportFile), replace: true, stream => CatalogFormat.Write(stream, catalog));
        _current = null;
        return summary;
    }

    /// <summary>Takes out what was imported.</summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="IOException">The file cannot be deleted.</exception>
    public static bool ResetImport()
    {
        string path = Path.Combine(OpiFolders.Settings, ImportFile);
        bool existed = File.Exists(path);
        if (existed)
        {
            File.Delete(path);
        }

        _current = null;
        return existed;
    }

    private ModelPricing? FindOwn(string? modelSpec, CatalogModel? model, DateTimeOffset at)
    {
        if (_user.Prices.Count == 0 || string.IsNullOrEmpty(modelSpec))
        {
            return null;
        }

        string[] names = model is null
            ? [modelSpec, ModelName.Split(modelSpec).Model]
            : [modelSpec, ModelName.Split(modelSpec).Model, $"{model.Provider}:{model.Id}", model.Id];
        return _user.Find(names, at) is { } own
            ? own with { ContextWindow = own.ContextWindow ?? model?.ContextWindow, MaxOutputTokens = model?.MaxOutputTokens }
            : null;
    }

    private CatalogModel? FindModel(string? modelSpec)
    {
        if (string.IsNullOrEmpty(modelSpec))
        {
            return null;
        }

        if (!_found.TryGetValue(modelSpec, out CatalogModel? model))
        {
            model = Catalogs.Select(catalog => catalog.Matches(modelSpec).FirstOrDefault()?.Model).OfType<CatalogModel>()
                .Aggregate((CatalogModel?)null, (first, next) => first is null ? next : Combine(first, next));
            if (_found.Count < MaxRemembered)
            {
                _found.TryAdd(modelSpec, model);
            }
        }

        return model;
    }

    /// <summary>
    /// An imported entry before a built-in one. LiteLLM's prices have no dates: they count from the date of the file on where they differ
    /// from what was known for the time before.
    /// </summary>
    private CatalogModel Combine(CatalogModel imported, CatalogModel builtIn)
    {
        IReadOnlyList<ModelPricing> prices = [.. imported.Prices.Select(
            price => builtIn.Prices.Where(other => CatalogBuilder.SameBase(price, other)).Aggregate(price, CatalogBuilder.Fill))];
        if (prices.Count == 0)
        {
            prices = builtIn.Prices;
        }
        else if (_imported!.Sources[0] is { Name: LiteLlmPrices.Name } source && builtIn.Prices.Count > 0)
        {
            var from = DateTimeOffset.ParseExact(source.Version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            prices = builtIn.PriceAt(from) is { } known && CatalogBuilder.SameBase(known, prices[0])
                ? builtIn.Prices
                : [.. builtIn.Prices.Where(price => price.ValidFrom is null || price.ValidFrom < from), prices[0] with { ValidFrom = from }];
        }

        long? window = imported.ContextWindow ?? builtIn.ContextWindow;
        long? most = imported.MaxOutputTokens ?? builtIn.MaxOutputTokens;
        return imported with
        {
            ContextWindow = window,
            MaxOutputTokens = most,
            Prices = [.. prices.Select(price => price with { ContextWindow = window, MaxOutputTokens = most })],
        };
    }

    private bool IsCurrent(string folder) =>
        folder == _folder && StateOf(UserPath) == _userState && StateOf(ImportPath) == _importState;

    private static (DateTime, long) StateOf(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private static Catalog LoadBuiltIn()
    {
        using Stream stream = typeof(PricingCatalog).Assembly.GetManifestResourceStream("catalog.jsonl")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return CatalogFormat.Read(bytes, "Catalog");
    }
}
