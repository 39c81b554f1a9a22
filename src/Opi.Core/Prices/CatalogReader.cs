namespace Opi;

/// <summary>Reads the lines of a model.</summary>
internal static class CatalogReader
{
    /// <summary>Reads a model with its prices.</summary>
    /// <param name="bytes">The catalogue.</param>
    /// <param name="at">Where its line begins.</param>
    /// <param name="provider">Whose it is.</param>
    /// <exception cref="FormatException">A line is not as it must be.</exception>
    public static CatalogModel ReadModel(byte[] bytes, int at, CatalogProvider provider)
    {
        int end = CatalogText.LineEnd(bytes, at);
        at += 2;
        string id = CatalogText.Text(bytes, ref at, end);
        int source = (int)CatalogText.Count(bytes, ref at, end);
        long window = CatalogText.Count(bytes, ref at, end);
        long most = CatalogText.Count(bytes, ref at, end);
        string rule = CatalogText.Text(bytes, ref at, end);
        var names = new List<string>();
        while (at < end)
        {
            names.Add(CatalogText.Text(bytes, ref at, end));
        }

        CatalogSource? origin = source >= 0 && source < provider.Sources.Count ? provider.Sources[source] : null;
        var prices = new List<ModelPricing>();
        at = end + 1;
        while (at < bytes.Length && bytes[at] == CatalogText.PriceLine)
        {
            prices.Add(ReadPrice(bytes, ref at, new ModelPricing(provider.Id, id, 0, 0, null, null, provider.SourceName)
            {
                Origin = origin?.Name,
                PriceDate = origin?.Version,
                ContextWindow = window < 0 ? null : window,
                MaxOutputTokens = most < 0 ? null : most,
            }));
        }

        return new CatalogModel(provider.Id, id)
        {
            RuleText = rule,
            Names = names,
            Origin = origin,
            ContextWindow = window < 0 ? null : window,
            MaxOutputTokens = most < 0 ? null : most,
            Prices = prices,
        };
    }

    private static ModelPricing ReadPrice(byte[] bytes, ref int at, ModelPricing price)
    {
        int end = CatalogText.LineEnd(bytes, at);
        at += 2;
        string from = CatalogText.Text(bytes, ref at, end);
        string daily = CatalogText.Text(bytes, ref at, end);
        decimal input = CatalogText.Amount(bytes, ref at, end) ?? 0;
        decimal output = CatalogText.Amount(bytes, ref at, end) ?? 0;
        price = price with
        {
            InputPrice = input,
            OutputPrice = output,
            CacheReadPrice = CatalogText.Amount(bytes, ref at, end),
            CacheWritePrice = CatalogText.Amount(bytes, ref at, end),
            CacheWrite1hPrice = CatalogText.Amount(bytes, ref at, end),
            SearchPrice = CatalogText.Amount(bytes, ref at, end),
            UsInferenceFactor = CatalogText.Amount(bytes, ref at, end),
        };
        price = at < end ? ReadMedia(bytes, ref at, end, price) : price;
        price = from.Length > 0 ? price with { ValidFrom = ReadDate(from) } : price;
        price = daily.Length > 0 ? ReadDaily(daily, price) : price;
        at = end + 1;
        if (at < bytes.Length && bytes[at] == CatalogText.TierLine)
        {
            var tiers = new List<PriceTier>();
            while (at < bytes.Length && bytes[at] == CatalogText.TierLine)
            {
                tiers.Add(ReadTier(bytes, ref at));
            }

            price = price with { Tiers = tiers };
        }

        return price;
    }

    /// <summary>Apart from the rest, because what is not used is not compiled.</summary>
    private static ModelPricing ReadMedia(byte[] bytes, ref int at, int end, ModelPricing price) => price with
    {
        AudioInputPrice = CatalogText.Amount(bytes, ref at, end),
        AudioOutputPrice = CatalogText.Amount(bytes, ref at, end),
        AudioCacheReadPrice = CatalogText.Amount(bytes, ref at, end),
        ImageInputPrice = CatalogText.Amount(bytes, ref at, end),
        ImageOutputPrice = CatalogText.Amount(bytes, ref at, end),
    };

    private static PriceTier ReadTier(byte[] bytes, ref int at)
    {
        int end = CatalogText.LineEnd(bytes, at);
        at += 2;
        ServiceTier rate = ReadRate(CatalogText.Text(bytes, ref at, end));
        long above = CatalogText.Count(bytes, ref at, end);
        decimal input = CatalogText.Amount(bytes, ref at, end) ?? 0;
        decimal output = CatalogText.Amount(bytes, ref at, end) ?? 0;
        decimal? read = CatalogText.Amount(bytes, ref at, end);
        decimal? write = CatalogText.Amount(bytes, ref at, end);
        decimal? write1h = CatalogText.Amount(bytes, ref at, end);
        at = end + 1;
        return new PriceTier(rate, above < 0 ? 0 : above, input, output, read, write, write1h);
    }

    private static ServiceTier ReadRate(string text) => text switch
    {
        "" => ServiceTier.Standard,
        "batch" => ServiceTier.Batch,
        "flex" => ServiceTier.Flex,
        "priority" => ServiceTier.Priority,
        "fast" => ServiceTier.Fast,
        _ => throw new FormatException($"there is no rate '{text}'"),
    };

    /// <summary>A time of the day as 01:00-04:00, with a w after it for weekdays only.</summary>
    private static ModelPricing ReadDaily(string text, ModelPricing price) => text.Length is 11 or 12
        ? price with
        {
            DailyFrom = new TimeOnly(Digits(text, 0), Digits(text, 3)),
            DailyUntil = new TimeOnly(Digits(text, 6), Digits(text, 9)),
            WeekdaysOnly = text.Length == 12,
        }
        : throw new FormatException("a time of the day is not one");

    // By hand, because the framework's way loads the calendars of all cultures.
    private static DateTimeOffset ReadDate(string text) => text.Length == 10
        ? new((Digits(text, 0) * 100) + Digits(text, 2), Digits(text, 5), Digits(text, 8), 0, 0, 0, TimeSpan.Zero)
        : throw new FormatException("a date is not yyyy-MM-dd");

    private static int Digits(string text, int at) => ((text[at] - '0') * 10) + text[at + 1] - '0';
}
