using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>
/// Metrics as an ExportMetricsServiceRequest of OTLP in JSON, on one line. The names follow OpenTelemetry's conventions for generative AI
/// (semantic-conventions-genai, status Development), where input has the cached tokens too; a cost has no convention yet.
/// </summary>
internal sealed class OtlpReport : ReportWriter
{
    private const int Cumulative = 2; // AGGREGATION_TEMPORALITY_CUMULATIVE

    private static readonly (string Name, string Unit, string Text, Func<OpiCost, long> Value)[] Counts =
    [
        (
            "gen_ai.client.inference.usage.input_tokens",
            "{token}",
            "Input tokens, cached ones too.",
            cost => TokenMath.Add(cost.InputTokens, TokenMath.Add(cost.CacheReadTokens, cost.CacheWriteTokens))),
        ("gen_ai.client.inference.usage.output_tokens", "{token}", "Output tokens.", cost => cost.OutputTokens),
        ("gen_ai.client.inference.usage.cache_read.input_tokens", "{token}", "Input tokens read from the cache.", cost => cost.CacheReadTokens),
        ("gen_ai.client.inference.usage.cache_write.input_tokens", "{token}", "Input tokens written to the cache.", cost => cost.CacheWriteTokens),
        ("opi.responses", "{response}", "Responses.", cost => cost.Responses),
        ("opi.unpriced_responses", "{response}", "Responses whose cost is not known, or only in part.", cost => cost.UnpricedResponses),
    ];

    private readonly CostGroups _models;

    public OtlpReport(PricingCatalog catalog, TimeZoneInfo zone)
        : base(catalog, zone) => _models = GroupBy(CostGrouping.Source, CostGrouping.Model);

    /// <inheritdoc/>
    public override void Write(Stream stream, ReportOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<CostGroup> groups = _models.ToRows();
        string start = Nanoseconds(Total.First ?? DateTimeOffset.UnixEpoch);
        string end = Nanoseconds(options.WrittenAt ?? Total.Last ?? DateTimeOffset.UnixEpoch);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceMetrics");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            WriteAttributes(json, [("service.name", "opi"), ("service.version", typeof(OtlpReport).Assembly.GetName().Version!.ToString(3))]);
            json.WriteEndObject();
            json.WriteStartArray("scopeMetrics");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", "Opi");
            json.WriteEndObject();
            json.WriteStartArray("metrics");
            foreach ((string name, string unit, string text, Func<OpiCost, long> value) in Counts)
            {
                WriteSum(json, name, unit, text, groups, start, end, group =>
                    json.WriteString("asInt", value(group.Cost).ToString(CultureInfo.InvariantCulture))); // proto3 has 64 bits as text
            }

            WriteSum(json, "opi.cost", "USD", "The part of the cost that is known.", groups, start, end, group =>
                json.WriteNumber("asDouble", (double)group.KnownCost));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }

    private static void WriteSum(
        Utf8JsonWriter json,
        string name,
        string unit,
        string text,
        IReadOnlyList<CostGroup> groups,
        string start,
        string end,
        Action<CostGroup> value)
    {
        if (groups.Count == 0)
        {
            return; // a sum without points says nothing
        }

        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("unit", unit);
        json.WriteString("description", text);
        json.WriteStartObject("sum");
        json.WriteNumber("aggregationTemporality", Cumulative);
        json.WriteBoolean("isMonotonic", true);
        json.WriteStartArray("dataPoints");
        foreach (CostGroup group in groups)
        {
            (string provider, string model) = ModelName.Split(group.Keys[1] as string);
            json.WriteStartObject();
            WriteAttributes(
                json,
                [
                    ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", provider), ("gen_ai.response.model", model),
                    ("opi.source", $"{group.Keys[0]}"),
                ]);
            json.WriteString("startTimeUnixNano", start);
            json.WriteString("timeUnixNano", end);
            value(group);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, IEnumerable<(string Key, string Value)> attributes)
    {
        json.WriteStartArray("attributes");
        foreach ((string key, string value) in attributes.Where(attribute => attribute.Value.Length > 0))
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteStartObject("value");
            json.WriteString("stringValue", value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Nanoseconds(DateTimeOffset time) =>
        ((Int128)(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100).ToString(CultureInfo.InvariantCulture);
}
