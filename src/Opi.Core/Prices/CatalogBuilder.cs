using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>
/// Builds a catalogue of price files. genai-prices has the names, the dates and the sizes of requests. The other lists add models, windows
/// and rates, and newer prices.
/// </summary>
internal sealed class CatalogBuilder
{
    private const string DateFormat = "yyyy-MM-dd";
    private readonly CatalogDraft _draft = new();
    private readonly Dictionary<(string Provider, string Name), ModelPricing> _dissents = [];
    private readonly EntryReader _entries;

    private CatalogBuilder(EntryReader entries) => _entries = entries;

    /// <summary>Builds a catalogue of price files.</summary>
    /// <param name="files">The files, each with the date of its data.</param>
    /// <param name="frame">Whose providers name the models of a list that has no rules for them; null for none.</param>
    /// <param name="entries">Reads the entries.</param>
    /// <param name="keep">
    /// Whether the price of a listed model is not to be changed by a list, although that differs: its source, its provider and its name.
    /// </param>
    /// <exception cref="PriceEntryException">An entry is not as it must be.</exception>
    /// <exception cref="FormatException">A file is not a price file.</exception>
    public static CatalogDraft Build(
        IReadOnlyList<(JsonElement Root, string Version)> files,
        Catalog? frame,
        EntryReader entries,
        Func<CatalogSource, string, string, bool>? keep = null)
    {
        var builder = new CatalogBuilder(entries);
        foreach ((JsonElement root, string version) in files.Where(file => GenaiPrices.IsKindOf(file.Root)))
        {
            const string Licence = "MIT License, Copyright (c) Pydantic Services Inc. 2025 to present";
            builder.AddProviders(root, builder.Source(GenaiPrices.Name, version, Licence));
        }

        builder.AddFrame(frame);
        foreach ((JsonElement root, string version) in files
            .Where(file => !GenaiPrices.IsKindOf(file.Root)).OrderBy(file => file.Version, StringComparer.Ordinal))
        {
            builder.AddList(root, version, keep ?? ((_, _, _) => false));
        }

        entries.CheckUnit();
        return builder._draft;
    }

    /// <summary>Completes a catalogue with what holds for all models of a provider, and with names that no rule leads to.</summary>
    public static void Complete(CatalogDraft draft, IReadOnlyDictionary<string, string> bareNames)
    {
        foreach (ProviderDraft provider in draft.Providers)
        {
            foreach (CatalogModel model in provider.Models.ToList())
            {
                provider.Replace(model, model with { Prices = [.. model.Prices.Select(price => ProviderRates.Apply(price, provider.Id, model.Id))] });
            }
        }

        draft.Providers.RemoveAll(provider => provider.Models.Count == 0);
        var catalog = new Catalog(CatalogWriter.ToBytes(draft), "");
        foreach ((string name, string provider) in bareNames)
        {
            if (catalog.Find(null, name) is null && catalog.Find(provider, name) is not null)
            {
                draft.BareNames.TryAdd(name, provider);
            }
        }
    }

    /// <summary>Builds a catalogue of price files, complete.</summary>
    /// <inheritdoc cref="Build" path="/param"/>
    /// <inheritdoc cref="Build" path="/exception"/>
    public static CatalogDraft BuildWhole(IReadOnlyList<(JsonElement Root, string Version)> files, Catalog? frame, EntryReader entries)
    {
        CatalogDraft draft = Build(files, frame, entries);
        Complete(draft, BareNamesOf(files, draft));
        return draft;
    }

    public static IReadOnlyDictionary<string, string> BareNamesOf(IReadOnlyList<(JsonElement Root, string Version)> files, CatalogDraft draft)
    {
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((JsonElement root, _) in files.Where(file => LiteLlmPrices.IsKindOf(file.Root)))
        {
            foreach (ListedModel listed in LiteLlmPrices.Read(root, new EntryReader(strict: false)).Where(listed => listed.IsBare))
            {
                names.TryAdd(LowerCase.Of(listed.Name), IdOf(draft, listed));
            }
        }

        return names;
    }

    private static string IdOf(CatalogDraft draft, ListedModel listed) => listed.HasId
        ? listed.Provider
        : draft.Find(listed.Provider)?.Id ?? LowerCase.Of(listed.Provider).Replace('_', '-');

    /// <summary>The names of the frame's providers, which take precedence over those of a file.</summary>
    private void AddFrame(Catalog? frame)
    {
        foreach (CatalogProvider provider in frame?.Providers ?? [])
        {
            ProviderDraft draft = _draft.GetOrAdd(provider.Id);
            draft.ProviderRule = provider.ProviderRule ?? draft.ProviderRule;
            draft.MakerRule = provider.MakerRule ?? draft.MakerRule;
            draft.Fallbacks = provider.Fallbacks.Count > 0 ? provider.Fallbacks : draft.Fallbacks;
            draft.IsGateway = provider.IsGateway;
        }
    }

    private void AddList(JsonElement root, string version, Func<CatalogSource, string, string, bool> keep)
    {
        if (LiteLlmPrices.IsKindOf(root))
        {
            CatalogSource source = Source(LiteLlmPrices.Name, version, "MIT License, Copyright (c) 2023 Berri AI");
            AddList(LiteLlmPrices.Read(root, _entries), source, keep);
        }
        else if (NamedPrices.KindOf(root) is { } kind)
        {
            string licence = kind == NamedPrices.PiAi ? "MIT License, Copyright (c) Mario Zechner" : "MIT License, Copyright (c) models.dev";
            AddList(NamedPrices.Read(root, _entries), Source(kind, version, licence), keep);
        }
        else
        {
            throw new FormatException("it is not a price file of genai-prices, LiteLLM, models.dev or pi-ai");
        }
    }

    private CatalogSource Source(string name, string version, string licence)
    {
        var source = new CatalogSource(name, version, licence);
        _draft.Sources.Add(source);
        return source;
    }

    private void AddProviders(JsonElement root, CatalogSource source)
    {
        foreach (ProviderDraft read in GenaiPrices.Read(root, source, _entries))
        {
            ProviderDraft provider = _draft.GetOrAdd(read.Id);
            provider.ProviderRule = read.ProviderRule;
            provider.MakerRule = read.MakerRule;
            provider.Fallbacks = read.Fallbacks;
            foreach (CatalogModel model in read.Models)
            {
                provider.Add(model);
            }
        }
    }

    /// <summary>
    /// Adds a list. Of several names for one model the model's own counts before the others; in a newer list the others come first, so that
    /// one that has moved to another model leaves before the model changes.
    /// </summary>
    private void AddList(List<ListedModel> listed, CatalogSource source, Func<CatalogSource, string, string, bool> keep)
    {
        IEnumerable<(ProviderDraft Provider, ListedModel Model)> models = listed
            .Select(model => (Provider: _draft.GetOrAdd(IdOf(_draft, model)), Model: model))
            .OrderByDescending(item => item.Model.HasId != (item.Provider.FindExactly(item.Model.Name) is { } known
                && string.Equals(known.Id, item.Model.Name, StringComparison.OrdinalIgnoreCase)))
            .ThenByDescending(item => item.Model.IsBare)
            .ThenBy(item => item.Model.Name.Length)
            .ThenBy(item => item.Model.Name, StringComparer.Ordinal)
            .ThenBy(item => item.Provider.Id, StringComparer.Ordinal);
        foreach ((ProviderDraft provider, ListedModel model) in models)
        {
            AddModel(provider, model, source, keep(source, provider.Id, model.Name));
        }
    }

    private void AddModel(ProviderDraft provider, ListedModel listed, CatalogSource source, bool keep)
    {
        CatalogModel? known = provider.Find(listed.Name);
        bool isExact = provider.FindExactly(listed.Name) is not null;
        if (known is null)
        {
            if (!keep)
            {
                provider.Add(Make(provider.Id, listed, source));
            }

            return;
        }

        known = provider.Replace(known, WithWindows(known, listed, source));
        if (listed.Price is not { } price)
        {
            return;
        }

        bool isNewer = known.Origin is { } origin && string.CompareOrdinal(source.Version, origin.Version) > 0;
        ModelPricing? current = known.PriceAt(DateOf(source));
        if (current is null)
        {
            provider.Replace(known, known with { Origin = source, Prices = [.. known.Prices, Named(price, known)] });
        }
        else if (PriceMerge.Agree(current, price))
        {
            provider.Replace(known, known with
            {
                Origin = isNewer ? source : known.Origin,
                Prices = [.. known.Prices.Select(own => PriceMerge.Fill(own, price, withSizes: isNewer))],
            });
        }
        else if (!isExact && !keep && (isNewer || listed.Name.Contains('/', StringComparison.Ordinal)))
        {
            // A rule for several names led here, and this one has its own price: another version, or a region.
            provider.Add(Make(provider.Id, listed, source) with
            {
                ContextWindow = listed.ContextWindow ?? known.ContextWindow,
                MaxOutputTokens = listed.MaxOutputTokens ?? known.MaxOutputTokens,
            });
        }
        else
        {
            Differ(provider, known, listed.Name, price, source, isNewer && isExact && !keep);
        }
    }

    /// <summary>
    /// The newest list is right of the present. Where an older one says the same, the one between them was wrong all along; else the price
    /// changed after the newest list that still has the old one. Prices by the time of the day are kept: the other lists have one of them.
    /// </summary>
    private void Differ(ProviderDraft provider, CatalogModel known, string name, ModelPricing price, CatalogSource source, bool isChanged)
    {
        if (!isChanged || known.Prices.Any(own => own.DailyFrom is not null))
        {
            provider.Replace(known, known with { Prices = [.. known.Prices.Select(own => PriceMerge.WithRatesOf(own, price))] });
            _dissents.TryAdd((provider.Id, LowerCase.Of(name)), price);
            return;
        }

        if (!string.Equals(known.Id, name, StringComparison.OrdinalIgnoreCase))
        {
            // One of several names of a model has moved to another model.
            known = new CatalogModel(provider.Id, name)
            {
                Origin = known.Origin,
                ContextWindow = known.ContextWindow,
                MaxOutputTokens = known.MaxOutputTokens,
                Prices = [.. known.Prices.Select(own => own with { Model = name })],
            };
            provider.AddBefore(known);
        }

        ModelPricing changed = PriceMerge.WithRatesOf(Named(price, known), known.PriceAt(DateOf(source))!);
        if (known.Prices.Count == 1 && _dissents.TryGetValue((provider.Id, LowerCase.Of(name)), out ModelPricing? other)
            && PriceMerge.SameBase(other, price))
        {
            provider.Replace(known, known with { Origin = source, Prices = [PriceMerge.Fill(changed, other, withSizes: false)] });
            return;
        }

        DateTimeOffset from = DateOf(known.Origin!).AddDays(1);
        provider.Replace(known, known with
        {
            Origin = source,
            Prices =
            [
                .. known.Prices.Where(own => own.ValidFrom is null || own.ValidFrom < from),
                changed with { ValidFrom = from },
                .. known.Prices.Where(own => own.ValidFrom > DateOf(source)),
            ],
        });
    }

    /// <summary>LiteLLM has the models' own windows; the other lists often have the limit of one of the provider's plans.</summary>
    private static CatalogModel WithWindows(CatalogModel known, ListedModel listed, CatalogSource source)
    {
        bool isFirst = source.Name == LiteLlmPrices.Name;
        long? window = listed.ContextWindow is > 0 ? listed.ContextWindow : null;
        return known with
        {
            ContextWindow = isFirst && known.MaxOutputTokens is null ? window ?? known.ContextWindow : known.ContextWindow ?? window,
            MaxOutputTokens = known.MaxOutputTokens ?? (listed.MaxOutputTokens is > 0 ? listed.MaxOutputTokens : null),
        };
    }

    private static CatalogModel Make(string provider, ListedModel listed, CatalogSource source)
    {
        var model = new CatalogModel(provider, listed.Name)
        {
            Origin = source,
            ContextWindow = listed.ContextWindow,
            MaxOutputTokens = listed.MaxOutputTokens,
        };
        return listed.Price is { } price ? model with { Prices = [Named(price, model)] } : model;
    }

    private static ModelPricing Named(ModelPricing price, CatalogModel model) => price with { Provider = model.Provider, Model = model.Id };

    private static DateTimeOffset DateOf(CatalogSource source) =>
        DateTimeOffset.ParseExact(source.Version, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
