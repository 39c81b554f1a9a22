using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>
/// Charges as CSV with the mandatory columns of the FinOps Open Cost and Usage Specification (FOCUS) 1.2 and some of the others; what only Opi
/// has is in columns that begin with x_. A row is the cost of a day, a model, a project and a kind of token.
/// </summary>
internal sealed class FocusReport : ReportWriter
{
    private const string Unknown = "unknown";

    private static readonly (string Name, Func<Charge, string?> Value)[] Columns =
    [
        ("BilledCost", charge => Number(charge.Cost)),
        ("BillingAccountId", charge => charge.Account),
        ("BillingAccountName", _ => null),
        ("BillingCurrency", _ => "USD"),
        ("BillingPeriodEnd", charge => Time(Month(charge.Start).AddMonths(1))),
        ("BillingPeriodStart", charge => Time(Month(charge.Start))),
        ("ChargeCategory", _ => "Usage"),
        ("ChargeClass", _ => null),
        ("ChargeDescription", charge => $"{charge.Model ?? "model not known"}, {charge.Kind}"),
        ("ChargeFrequency", _ => "Usage-Based"),
        ("ChargePeriodEnd", charge => Time(charge.End)),
        ("ChargePeriodStart", charge => Time(charge.Start)),
        ("ConsumedQuantity", charge => Number(charge.Quantity)),
        ("ConsumedUnit", charge => charge.Unit),
        ("ContractedCost", charge => Number(charge.Cost)),
        ("EffectiveCost", charge => Number(charge.Cost)),
        ("InvoiceIssuerName", charge => charge.Provider),
        ("ListCost", charge => Number(charge.Cost)),
        ("PricingQuantity", charge => Number(charge.Quantity)),
        ("PricingUnit", charge => charge.Unit),
        ("ProviderName", charge => charge.Provider),
        ("PublisherName", charge => charge.Provider),
        ("ResourceId", charge => charge.Model),
        ("ServiceCategory", _ => "AI and Machine Learning"),
        ("ServiceName", charge => charge.Provider),
        ("ServiceSubcategory", _ => "Generative AI"),
        ("SkuMeter", charge => charge.Kind),
        ("SubAccountId", charge => charge.Project),
        ("Tags", charge => Tags(charge)),
        ("x_Source", charge => charge.Source),
        ("x_CostSource", charge => charge.CostSource),
        ("x_CostIsComplete", charge => charge.IsComplete ? "true" : "false"),
        ("x_UnpricedResponses", charge => Number(charge.Unpriced)),
    ];

    private readonly SortedDictionary<UsageSource, CostGroups> _sources = [];

    public FocusReport(PricingCatalog catalog, TimeZoneInfo zone)
        : base(catalog, zone) => _ = GroupBy(CostGrouping.Source);

    /// <inheritdoc/>
    protected override void Add(PricedUsage priced)
    {
        if (!_sources.TryGetValue(priced.Usage.Source, out CostGroups? groups))
        {
            _sources.Add(priced.Usage.Source, groups = new CostGroups([CostGrouping.Day, CostGrouping.Model, CostGrouping.Project], Zone, Catalog));
        }

        groups.Add(priced);
        base.Add(priced);
    }

    /// <inheritdoc/>
    public override void Write(Stream stream, ReportOptions options, CancellationToken cancellationToken)
    {
        using var output = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        output.WriteLine(string.Join(',', Columns.Select(column => column.Name)));
        foreach ((UsageSource source, CostGroups groups) in _sources)
        {
            foreach (Charge charge in groups.ToRows().SelectMany(group => ChargesOf(source, group, options)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                output.WriteLine(string.Join(',', Columns.Select(column => Cell(column.Value(charge)))));
            }
        }
    }

    /// <summary>A charge for each kind of token where the cost is by tokens; else one for all.</summary>
    private IEnumerable<Charge> ChargesOf(UsageSource source, CostGroup group, ReportOptions options)
    {
        OpiCost cost = group.Cost;
        (string provider, string model) = ModelName.Split(group.Keys[1] as string);
        (DateTimeOffset start, DateTimeOffset end) = SpanOf(group);
        var whole = new Charge(
            options.BillingAccountId,
            $"{source}",
            provider.Length > 0 ? provider : Unknown,
            model.Length > 0 ? model : null,
            group.Keys[2] as string,
            start,
            end,
            $"{cost.CostSource}",
            group.IsComplete);
        if (cost is not { InputCost: { } input, OutputCost: { } written, CacheReadCost: { } read, CacheWriteCost: { } cached })
        {
            yield return whole with
            {
                Kind = "usage", Unit = "Tokens", Quantity = cost.TotalTokens, Cost = group.KnownCost, Unpriced = cost.UnpricedResponses,
            };
            yield break;
        }

        foreach ((string kind, long tokens, decimal amount) in (IEnumerable<(string, long, decimal)>)
        [
            ("input tokens", cost.InputTokens, input),
            ("output tokens", cost.OutputTokens, written),
            ("cache read tokens", cost.CacheReadTokens, read),
            ("cache write tokens", cost.CacheWriteTokens, cached),
        ])
        {
            if (tokens > 0 || amount != 0)
            {
                yield return whole with { Kind = kind, Unit = "Tokens", Quantity = tokens, Cost = amount };
            }
        }

        decimal others = group.KnownCost - input - written - read - cached;
        if (others != 0)
        {
            yield return whole with { Kind = "searches and other fees", Unit = "Responses", Quantity = cost.Responses, Cost = others };
        }
    }

    /// <summary>The day, as times. Responses without a time have the day of nothing: the first of all.</summary>
    private (DateTimeOffset Start, DateTimeOffset End) SpanOf(CostGroup group)
    {
        if (group.Keys[0] is not DateOnly day)
        {
            return (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        }

        return (Begin(day), Begin(day.AddDays(1)));

        DateTimeOffset Begin(DateOnly of)
        {
            DateTime local = of.ToDateTime(TimeOnly.MinValue);
            while (Zone.IsInvalidTime(local))
            {
                local = local.AddMinutes(15); // the clocks went forward at midnight
            }

            return new DateTimeOffset(local, Zone.GetUtcOffset(local));
        }
    }

    private static DateTimeOffset Month(DateTimeOffset time) =>
        new(time.UtcDateTime.Year, time.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Number(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Tags(Charge charge)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("source", charge.Source);
            if (charge.Project is { } project)
            {
                json.WriteString("project", project);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>A value as a cell; null is an empty one.</summary>
    private static string Cell(string? value) => value is null ? ""
        : value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value
        : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private sealed record Charge(
        string Account,
        string Source,
        string Provider,
        string? Model,
        string? Project,
        DateTimeOffset Start,
        DateTimeOffset End,
        string CostSource,
        bool IsComplete)
    {
        public string Kind { get; init; } = "";

        public string Unit { get; init; } = "";

        public decimal Quantity { get; init; }

        public decimal Cost { get; init; }

        public long Unpriced { get; init; }
    }
}
