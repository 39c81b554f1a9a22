using System.Globalization;
using System.Text;

namespace Opi;

/// <summary>
/// Counters in Prometheus' text format 0.0.4. What a file of before has for a counter is its least value, so that a counter does not fall when
/// an agent deletes old logs.
/// </summary>
internal sealed class PrometheusReport : ReportWriter
{
    private const long LargestFile = 64 << 20;

    private static readonly (string Name, string Help, (string? Type, Func<OpiCost, decimal> Value)[] Parts)[] Counters =
    [
        (
            "opi_tokens_total",
            "Tokens of the responses, by kind.",
            [
                ("input", cost => cost.InputTokens),
                ("output", cost => cost.OutputTokens),
                ("cache_read", cost => cost.CacheReadTokens),
                ("cache_write", cost => cost.CacheWriteTokens),
            ]),
        ("opi_cost_usd_total", "The part of the cost that is known, in US dollars.", [(null, cost => cost.KnownCost)]),
        ("opi_responses_total", "Responses.", [(null, cost => cost.Responses)]),
        ("opi_unpriced_responses_total", "Responses whose cost is not known, or only in part.", [(null, cost => cost.UnpricedResponses)]),
    ];

    private readonly CostGroups _models;
    private readonly Dictionary<string, decimal> _before = new(StringComparer.Ordinal);

    public PrometheusReport(PricingCatalog catalog, TimeZoneInfo zone)
        : base(catalog, zone) => _models = GroupBy(CostGrouping.Source, CostGrouping.Model);

    /// <inheritdoc/>
    public override void WriteFile(string path, ReportOptions options, CancellationToken cancellationToken)
    {
        KeepFrom(path);
        ExportFile.Write(path, options.Overwrite, stream => Write(stream, options, cancellationToken), forAll: true);
    }

    /// <summary>Reads the counters of the file that will be replaced, if there is one.</summary>
    /// <exception cref="ExportFailedException">It cannot be read, so that the counters could fall.</exception>
    private void KeepFrom(string path)
    {
        _before.Clear();
        try
        {
            if (!File.Exists(path))
            {
                return;
            }

            using var file = new FileStream(RegularFile.Open(path), FileAccess.Read);
            if (file.Length > LargestFile)
            {
                throw new IOException("it is too large for a file of counters. Give another path.");
            }

            using var reader = new StreamReader(file);
            while (reader.ReadLine() is { } line)
            {
                int end = line.LastIndexOf(' ');
                if (end > 0 && Counters.Any(counter => line.StartsWith(counter.Name + "{", StringComparison.Ordinal))
                    && decimal.TryParse(line.AsSpan(end + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
                {
                    _before[line[..end]] = value;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExportFailedException(path, error.Message, error);
        }
    }

    /// <inheritdoc/>
    public override void Write(Stream stream, ReportOptions options, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        IReadOnlyList<CostGroup> groups = _models.ToRows();
        foreach ((string name, string help, (string? Type, Func<OpiCost, decimal> Value)[] parts) in Counters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} counter\n");
            var samples = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
            foreach ((string series, decimal value) in _before.Where(sample => sample.Key.StartsWith(name + "{", StringComparison.Ordinal)))
            {
                samples[series] = value;
            }

            foreach (CostGroup group in groups)
            {
                (string provider, string model) = ModelName.Split(group.Keys[1] as string);
                foreach ((string? type, Func<OpiCost, decimal> value) in parts)
                {
                    string labels = $"source=\"{Label($"{group.Keys[0]}")}\",provider=\"{Label(provider)}\",model=\"{Label(model)}\"";
                    string series = type is null ? $"{name}{{{labels}}}" : $"{name}{{{labels},type=\"{type}\"}}";
                    samples[series] = Math.Max(samples.GetValueOrDefault(series), value(group.Cost));
                }
            }

            foreach ((string series, decimal value) in samples)
            {
                text.Append(CultureInfo.InvariantCulture, $"{series} {value}\n");
            }
        }

        text.Append("# HELP opi_unread_files Files and folders that could not be read. What is in them is not counted.\n")
            .Append("# TYPE opi_unread_files gauge\n")
            .Append(CultureInfo.InvariantCulture, $"opi_unread_files {Total.Cost.UnreadFiles}\n");
        if (options.WrittenAt is { } at)
        {
            text.Append("# HELP opi_report_timestamp_seconds When this was written.\n# TYPE opi_report_timestamp_seconds gauge\n")
                .Append(CultureInfo.InvariantCulture, $"opi_report_timestamp_seconds {at.ToUnixTimeSeconds()}\n");
        }

        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>A text as the value of a label.</summary>
    private static string Label(string text) => VisibleText.Of(text).Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
