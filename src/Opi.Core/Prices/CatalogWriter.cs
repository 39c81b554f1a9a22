using System.Globalization;
using System.Text;

namespace Opi;

/// <summary>Writes a catalogue in the form that <see cref="CatalogText"/> describes. The same catalogue gives the same bytes.</summary>
internal static class CatalogWriter
{
    public static byte[] ToBytes(CatalogDraft catalog)
    {
        var text = new StringBuilder(CatalogText.Header).Append('\n');
        foreach (CatalogSource source in catalog.Sources)
        {
            Line(text, CatalogText.SourceLine, source.Name, source.Version, source.Licence);
        }

        foreach ((string name, string provider) in catalog.BareNames)
        {
            Line(text, CatalogText.BareNameLine, name, provider);
        }

        foreach (ProviderDraft provider in catalog.Providers)
        {
            // The names of the others are found by their tabs, so these fields are always there.
            text.Append((char)CatalogText.ProviderLine).Append('\t').AppendJoin(
                '\t',
                [
                    Clean(provider.Id),
                    provider.IsGateway ? "gateway" : "",
                    string.Join(' ', provider.Fallbacks),
                    Rule(provider.ProviderRule),
                    Rule(provider.MakerRule),
                ]).Append('\n');
            foreach (CatalogModel model in provider.Models)
            {
                WriteModel(text, model, catalog.Sources);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteModel(StringBuilder text, CatalogModel model, List<CatalogSource> sources)
    {
        string[] names = [.. ProviderDraft.NamesOf(model).Where(name => name != model.Id)];
        Line(
            text,
            CatalogText.ModelLine,
            [
                model.Id,
                model.Origin is null ? "" : Count(sources.IndexOf(model.Origin)),
                Count(model.ContextWindow),
                Count(model.MaxOutputTokens),
                Rule(model.Rule?.WithoutExactNames),
                .. names,
            ]);
        foreach (ModelPricing price in model.Prices)
        {
            Line(
                text,
                CatalogText.PriceLine,
                price.ValidFrom?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
                Daily(price),
                Amount(price.InputPrice),
                Amount(price.OutputPrice),
                Amount(price.CacheReadPrice),
                Amount(price.CacheWritePrice),
                Amount(price.CacheWrite1hPrice),
                Amount(price.SearchPrice),
                Amount(price.UsInferenceFactor),
                Amount(price.AudioInputPrice),
                Amount(price.AudioOutputPrice),
                Amount(price.AudioCacheReadPrice),
                Amount(price.ImageInputPrice),
                Amount(price.ImageOutputPrice));
            foreach (PriceTier tier in price.Tiers)
            {
                Line(
                    text,
                    CatalogText.TierLine,
                    tier.Tier == ServiceTier.Standard ? "" : LowerCase.Of(tier.Tier.ToString()),
                    tier.AboveInputTokens == 0 ? "" : Count(tier.AboveInputTokens),
                    Amount(tier.InputPrice),
                    Amount(tier.OutputPrice),
                    Amount(tier.CacheReadPrice),
                    Amount(tier.CacheWritePrice),
                    Amount(tier.CacheWrite1hPrice));
            }
        }
    }

    private static string Daily(ModelPricing price) => price is { DailyFrom: { } from, DailyUntil: { } until }
        ? string.Create(CultureInfo.InvariantCulture, $"{from:HH\\:mm}-{until:HH\\:mm}{(price.WeekdaysOnly ? "w" : "")}")
        : "";

    private static string Amount(decimal? amount) => amount?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Count(long? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Rule(ModelRule? rule)
    {
        if (rule is null)
        {
            return "";
        }

        var text = new StringBuilder();
        rule.Write(text);
        return text.ToString();
    }

    /// <summary>Fields that are empty at the end of a line are left out.</summary>
    private static void Line(StringBuilder text, byte kind, params string[] fields)
    {
        int count = fields.Length;
        while (count > 0 && fields[count - 1].Length == 0)
        {
            count--;
        }

        text.Append((char)kind);
        for (int i = 0; i < count; i++)
        {
            text.Append('\t').Append(Clean(fields[i]));
        }

        text.Append('\n');
    }

    /// <summary>No name has a tab or a line feed in it; one from a file that has would be another line.</summary>
    private static string Clean(string field) => field.AsSpan().IndexOfAny('\t', '\n', '\r') < 0
        ? field
        : field.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');
}
