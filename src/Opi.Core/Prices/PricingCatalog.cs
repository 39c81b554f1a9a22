using System.Globalization;

namespace Opi;

/// <summary>
/// The prices and windows of models: the user's own, then an imported file's, then this assembly's catalogue. A model that none
/// of them has, has no price. An instance does not change: to price many responses, take one and keep it.
/// </summary>
public sealed class PricingCatalog
{
    private const string UserFile = "pricing.json";
    private const string ImportFile = "prices.tsv";
    private const int MaxRemembered = 10_000;
    private const int OldAfterDays = 45;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);
    private static Catalog? _builtIn;
    private static volatile PricingCatalog? _current;

    // Not a concurrent one: the first use of that costs as much as all the rest of the first lookup.
    private readonly Dictionary<string, PriceLookup> _found = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly string _userState;
    private readonly string _importState;
    private readonly bool _localIsFree = LocalServers.AreFree;
    private readonly UserPricing _user = UserPricing.Empty;
    private readonly Catalog? _imported;
    private readonly List<OpiException> _problems = [];
    private bool _isUnreadable;
    private readonly TimeProvider _time;
    private long _lookedAt;

    internal PricingCatalog(string folder, TimeProvider time)
    {
        _time = time;
        _lookedAt = time.GetTimestamp();
        _folder = folder;
        _userState = StateOf(UserPath);
        _importState = StateOf(ImportPath);
        if (_userState.Length > 0)
        {
            _user = ReadOwn();
        }

        if (_importState.Length > 0)
        {
            _imported = ReadImported();
        }
    }

    /// <summary>The prices as they are now. What was set or imported since the last call, by any process, is in it.</summary>
    public static PricingCatalog Default
    {
        get
        {
            string folder = OpiFolders.Settings;
            PricingCatalog? current = _current;
            if (current is null || !current.IsCurrent(folder))
            {
                _current = current = new PricingCatalog(folder, TimeProvider.System);
            }

            Volatile.Write(ref current._lookedAt, current._time.GetTimestamp());
            return current;
        }
    }

    /// <summary>
    /// As <see cref="Default"/>, but what another process has just changed may be missing. For each turn, where looking at the files takes
    /// too long.
    /// </summary>
    internal static PricingCatalog Recent =>
        _current is { } current && current._time.GetElapsedTime(Volatile.Read(ref current._lookedAt)) < LookAgainAfter ? current : Default;

    /// <summary>
    /// The files of the settings folder whose prices do not count; a cmdlet or program that shows costs should say so. While one of them
    /// (PriceFileNotReadable) could not be read, no model has a price.
    /// </summary>
    public IReadOnlyList<OpiException> Problems => _problems;

    /// <summary>The date of the newest price data, as yyyy-MM-dd: the imported file's, or the one of the catalogue of this assembly.</summary>
    public string Date => string.CompareOrdinal(_imported?.Date, BuiltIn.Date) > 0 ? _imported!.Date : BuiltIn.Date;

    /// <summary>
    /// Whether the price data is older than 45 days. Then models that are newer than it have no price, and the price of others may have
    /// changed.
    /// </summary>
    public bool IsOld => DateTime.TryParseExact(Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
        && (Now.UtcDateTime - date).TotalDays > OldAfterDays;

    /// <summary>
    /// All models that have a price, as <c>provider:model</c>: by provider as in the catalogue, and the latest first, as far as names show it.
    /// </summary>
    public IEnumerable<string> Models => Catalogs.SelectMany(catalog => catalog.Providers).SelectMany(provider => provider.Models
        .Where(model => model.Prices.Count > 0)
        .OrderByDescending(model => model.Id, StringComparer.Ordinal)
        .Select(model => $"{model.Provider}:{model.Id}")).Distinct();

    /// <summary>The time by the catalogue's clock.</summary>
    internal DateTimeOffset Now => _time.GetUtcNow();

    internal static Catalog BuiltIn => _builtIn ??= LoadBuiltIn();

    private IEnumerable<Catalog> Catalogs => _imported is null ? [BuiltIn] : [_imported, BuiltIn];

    private string UserPath => Path.Combine(_folder, UserFile);

    private string ImportPath => Path.Combine(_folder, ImportFile);

    /// <summary>All prices that are valid at a time, by provider and model; none while a file of the user's prices cannot be read.</summary>
    /// <param name="at">The time; null for now.</param>
    public IReadOnlyList<ModelPricing> PricesAt(DateTimeOffset? at = null)
    {
        if (_isUnreadable)
        {
            return [];
        }

        DateTimeOffset time = at ?? Now;
        IEnumerable<CatalogModel> models = Catalogs
            .SelectMany(catalog => catalog.Providers.SelectMany(provider => provider.Models).DistinctBy(model => (model.Provider, model.Id)))
            .GroupBy(model => (model.Provider, model.Id))
            .Select(same => same.Aggregate(Combine));
        return [.. models.Select(model => model.PriceAt(time)).OfType<ModelPricing>()
            .Concat(_user.Prices.Where(price => price.IsValidAt(time)).DistinctBy(UserPricing.Name, StringComparer.OrdinalIgnoreCase))
            .OrderBy(price => price.Provider, StringComparer.Ordinal)
            .ThenBy(price => price.Model, StringComparer.Ordinal)];
    }

    /// <summary>The price of a model; null when it is not known, which is not the same as free.</summary>
    /// <param name="modelSpec">The model as <c>provider:model</c>, or in another common spelling; case is ignored.</param>
    /// <param name="at">When the response came, since prices change; null for now.</param>
    public ModelPricing? Find(string? modelSpec, DateTimeOffset? at = null) => Find(modelSpec, at, out _);

    /// <summary>The price of a model, and whose it is.</summary>
    /// <param name="modelSpec">The model as in <see cref="Find(string, DateTimeOffset?)"/>.</param>
    /// <param name="at">When the response came; null for now.</param>
    /// <param name="source">
    /// Where the price is from: the list price of the provider or, for an unknown label, of the model's maker; the user's own; none.
    /// </param>
    public ModelPricing? Find(string? modelSpec, DateTimeOffset? at, out CostSource source)
    {
        source = CostSource.None;
        return string.IsNullOrEmpty(modelSpec) ? null : Look(null, modelSpec).PriceAt(at ?? Now, out source);
    }

    /// <summary>The user's own price with exactly this name or pattern and time; null when there is none.</summary>
    public ModelPricing? Own(string name, DateTimeOffset? validFrom) => _user.Find(name, validFrom);

    /// <summary>How many tokens a model's context can have; null when not known.</summary>
    /// <param name="modelSpec">The model as in <see cref="Find(string, DateTimeOffset?)"/>.</param>
    public long? ContextWindow(string? modelSpec)
    {
        if (string.IsNullOrEmpty(modelSpec))
        {
            return null;
        }

        PriceLookup lookup = Look(null, modelSpec);
        return lookup.OwnAt(Now)?.ContextWindow ?? lookup.Model?.ContextWindow;
    }

    /// <summary>The entries that a name leads to. The first counts; there are more where the name is ambiguous.</summary>
    /// <param name="modelSpec">The model as in <see cref="Find(string, DateTimeOffset?)"/>.</param>
    internal IEnumerable<ModelMatch> Matches(string modelSpec)
    {
        ArgumentNullException.ThrowIfNull(modelSpec);
        if (Look(null, modelSpec).OwnAt(Now) is { } own)
        {
            yield return new ModelMatch(UserPricing.Name(own), "your own prices", $"'{UserPricing.Name(own)}'", modelSpec)
            {
                CostSource = CostSource.Own,
            };
        }

        foreach (Catalog catalog in Catalogs)
        {
            foreach (CatalogMatch match in catalog.FindAll(null, modelSpec))
            {
                yield return match.ToModelMatch();
            }
        }
    }

    /// <summary>All prices that a model leads to.</summary>
    /// <param name="provider">The provider, as the log or the user names it; null or empty when only the model's name may say it.</param>
    /// <param name="model">The model.</param>
    internal PriceLookup Look(string? provider, string model)
    {
        string key = string.IsNullOrEmpty(provider) ? model : $"{provider}\n{model}";
        lock (_found)
        {
            if (_found.TryGetValue(key, out PriceLookup? lookup))
            {
                return lookup;
            }
        }

        PriceLookup made = MakeLookup(provider, model);
        lock (_found)
        {
            if (_found.Count < MaxRemembered)
            {
                _found.TryAdd(key, made);
            }
        }

        return made;
    }

    /// <summary>
    /// Sets the user's own price of a model, or of all that a pattern is for. It goes before all others, from now on in every process.
    /// </summary>
    /// <param name="price">The price. Its provider and model are the name or pattern.</param>
    /// <returns>The price as it is kept.</returns>
    /// <exception cref="OpiException">InvalidPriceFile: the file of own prices is not as it must be. It was left as it is.</exception>
    /// <exception cref="OpiException">PriceFileNotReadable: the file of own prices cannot be read.</exception>
    /// <exception cref="OpiException">FileNotAccessible: it cannot be written.</exception>
    public static ModelPricing Set(ModelPricing price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return Set([price])[0];
    }

    /// <summary>Sets several of the user's own prices in one write: all of them, or none.</summary>
    /// <param name="prices">The prices. Of two for the same name and time the last counts.</param>
    /// <returns>The prices as they are kept.</returns>
    /// <inheritdoc cref="Set(ModelPricing)" path="/exception"/>
    public static IReadOnlyList<ModelPricing> Set(IReadOnlyList<ModelPricing> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ModelPricing[] own = [.. prices.Select(UserPricing.AsOwn)];
        if (own.Length > 0)
        {
            string path = Path.Combine(OpiFolders.Settings, UserFile);
            FileNotAccessibleException.Guard(path, () =>
            {
                UserPricing.Set(path, own);
                return true;
            });
            _current = null;
        }

        return own;
    }

    /// <summary>Takes out the user's own prices of a name or pattern.</summary>
    /// <returns>Whether there were any.</returns>
    /// <inheritdoc cref="Set(ModelPricing)" path="/exception"/>
    public static bool Remove(string name)
    {
        string path = Path.Combine(OpiFolders.Settings, UserFile);
        bool removed = FileNotAccessibleException.Guard(path, () => UserPricing.Remove(path, name));
        _current = null;
        return removed;
    }

    /// <summary>Imports a price file, whose prices take precedence over those of this assembly. It replaces an earlier import.</summary>
    /// <param name="path">The file: of genai-prices, LiteLLM, models.dev or pi-ai.</param>
    /// <param name="strict">Whether one entry that is not understood refuses the file; else it is left out and counted.</param>
    /// <exception cref="OpiException">InvalidPriceFile: the file is not as it must be. What was imported before stays.</exception>
    /// <exception cref="OpiException">FileNotAccessible: a file cannot be read or written.</exception>
    public static PricingImport Import(string path, bool strict = false)
    {
        (byte[] catalog, PricingImport summary) = FileNotAccessibleException.Guard(path, () => PricingImport.Read(path, BuiltIn, strict));
        string target = Path.Combine(OpiFolders.Settings, ImportFile);
        FileNotAccessibleException.Guard(target, () =>
        {
            Directory.CreateDirectory(OpiFolders.Settings);
            NewFile.Write(target, replace: true, stream => stream.Write(catalog));
            return true;
        });
        _current = null;
        return summary with { IsOlder = string.CompareOrdinal(summary.Version, BuiltIn.Date) < 0 };
    }

    /// <summary>Takes out what was imported, so that the catalogue of this assembly counts again.</summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="OpiException">FileNotAccessible: its file cannot be deleted.</exception>
    public static bool ResetImport()
    {
        string path = Path.Combine(OpiFolders.Settings, ImportFile);
        bool exists = File.Exists(path);
        if (exists)
        {
            FileNotAccessibleException.Guard(path, () =>
            {
                SharedFile.Retry(() => File.Delete(path));
                return true;
            });
        }

        _current = null;
        return exists;
    }

    private PriceLookup MakeLookup(string? provider, string model)
    {
        PriceLookup lookup = FindPrices(provider, model);
        return _isUnreadable ? lookup.WithoutPrices() : lookup;
    }

    private PriceLookup FindPrices(string? provider, string model)
    {
        CatalogMatch? match = BuiltIn.Find(provider, model);
        CatalogModel? entry = match?.Model;
        if (_imported?.Find(provider, model) is { } imported && (match is null || imported.Source <= match.Source))
        {
            // An imported list that lacks the provider that was asked must not go before a catalogue that has it.
            entry = match is null || imported.Source < match.Source ? imported.Model : Combine(imported.Model, match.Model);
            match = imported;
        }

        return new PriceLookup(
            _user.Prices.Count == 0 ? [] : OwnOf(provider, model, entry),
            entry,
            match?.Source ?? CostSource.None,
            entry is null or { Prices.Count: 0 } ? LocalOf(provider, model) : null);
    }

    private ModelPricing[] OwnOf(string? provider, string model, CatalogModel? entry)
    {
        string spec = ModelName.Join(provider ?? "", model)!;
        string[] names = entry is null
            ? [spec, model, ModelName.Split(model).Model]
            : [spec, model, ModelName.Split(model).Model, $"{entry.Provider}:{entry.Id}", entry.Id];
        return [.. _user.Find(names).Select(own =>
            own with { ContextWindow = own.ContextWindow ?? entry?.ContextWindow, MaxOutputTokens = entry?.MaxOutputTokens })];
    }

    private ModelPricing? LocalOf(string? provider, string model)
    {
        (string label, string name) = string.IsNullOrEmpty(provider) ? ModelName.Split(model) : (provider, model);
        return _localIsFree && label.Length > 0 && LocalServers.IsLocal(label, name)
            ? new ModelPricing(label, name, 0, 0, 0, 0, LocalServers.Source) { CacheWrite1hPrice = 0 }
            : null;
    }

    /// <summary>
    /// An imported entry before a built-in one. Most lists have no dates: their prices count from the date of the file on where they differ
    /// from what was known for the time before.
    /// </summary>
    private CatalogModel Combine(CatalogModel imported, CatalogModel builtIn)
    {
        IReadOnlyList<ModelPricing> prices = [.. imported.Prices.Select(price => builtIn.Prices.Aggregate(price, PriceMerge.WithRatesOf))];
        if (prices.Count == 0)
        {
            prices = builtIn.Prices;
        }
        else if (_imported!.Sources[0] is { Name: not GenaiPrices.Name } source && builtIn.Prices.Count > 0)
        {
            var from = DateTimeOffset.ParseExact(source.Version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            prices = builtIn.PriceAt(from) is { } known && PriceMerge.SameBase(known, prices[0])
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

    private UserPricing ReadOwn()
    {
        try
        {
            return UserPricing.Read(UserPath);
        }
        catch (InvalidPriceFileException error)
        {
            _problems.Add(error);
            return UserPricing.Empty;
        }
        catch (PriceFileNotReadableException error)
        {
            _problems.Add(error);
            _isUnreadable = true;
            return UserPricing.Empty;
        }
    }

    private Catalog? ReadImported()
    {
        try
        {
            return new Catalog(RegularFile.ReadAllBytes(ImportPath), "Import");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // taken out in between
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new PriceFileNotReadableException(ImportPath, error));
            _isUnreadable = true;
            return null;
        }
        catch (FormatException error)
        {
            _problems.Add(new InvalidPriceFileException(ImportPath, null, error.Message.TrimEnd('.'), error));
            return null;
        }
    }

    private bool IsCurrent(string folder) =>
        !_isUnreadable
        && folder == _folder
        && _localIsFree == LocalServers.AreFree
        && StateOf(UserPath) == _userState && StateOf(ImportPath) == _importState;

    /// <summary>What changes when the file changes; empty when there is none.</summary>
    private static string StateOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks} {file.Length}") : "";
    }

    private static Catalog LoadBuiltIn()
    {
        using Stream stream = typeof(PricingCatalog).Assembly.GetManifestResourceStream("catalog.tsv")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new Catalog(bytes, "Catalog");
    }
}
