using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Opi.Tests;

/// <summary>The forms of a report for pipelines, monitoring and finance, each read by somebody else's code or by the rules of its format.</summary>
public sealed partial class ReportFormatTests : IDisposable
{
    private const string Odd = "/a|b\"c\\d\n<i>*x*</i>`";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ReportOptions Options = new() { Title = "Costs", WrittenAt = Noon.AddDays(5) };

    /// <summary>The mandatory columns of FOCUS 1.2, and whether one may be empty.</summary>
    private static readonly (string Name, bool MayBeEmpty)[] Mandatory =
    [
        ("BilledCost", false), ("BillingAccountId", false), ("BillingAccountName", true), ("BillingCurrency", false), ("BillingPeriodEnd", false),
        ("BillingPeriodStart", false), ("ChargeCategory", false), ("ChargeClass", true), ("ChargeDescription", true), ("ChargePeriodEnd", false),
        ("ChargePeriodStart", false), ("ContractedCost", false), ("EffectiveCost", false), ("InvoiceIssuerName", false), ("ListCost", false),
        ("PricingQuantity", true), ("PricingUnit", true), ("ProviderName", false), ("PublisherName", false), ("ServiceCategory", false),
        ("ServiceName", false),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tables_of_Markdown_have_the_names_and_the_sums_as_they_are()
    {
        string text = Report(ReportFormat.Markdown, Two()).ToText(Options);

        MarkdownDocument page = Markdown.Parse(text, new MarkdownPipelineBuilder().UsePipeTables().Build());
        Table[] tables = [.. page.Descendants<Table>()];
        Assert.Equal(["Source", "Model", "Day", "Project"], tables.Select(table => Cells(table)[0][0]));
        Assert.Empty(page.Descendants<HtmlBlock>());
        Assert.Empty(page.Descendants<HtmlInline>());
        Assert.DoesNotContain(page.Descendants<EmphasisInline>(), part => part.DelimiterCount == 1);
        // Sonnet costs 3 for a million of input and 15 of output: 0.003 + 0.003, and the double of it.
        Assert.Equal(["Project", "Responses", "Input", "Output", "Cache read", "Cache write", "Cost"], Cells(tables[3])[0]);
        Assert.Equal([Odd.Replace('\n', ' '), "1", "2,000", "400", "0", "0", "$0.0120"], Cells(tables[3])[1]);
        Assert.Equal(["/a", "1", "1,000", "200", "0", "0", "$0.0060"], Cells(tables[3])[2]);
        Assert.Contains("$0.0180 for 2 responses and 3,600 tokens", Markdown.ToPlainText(text), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_is_said_in_every_form_for_people_and_never_shown_as_nothing()
    {
        string text = Report(ReportFormat.Markdown, Row("/a", model: "nobody-knows-this")).ToText(Options);

        Assert.Contains("The costs are too low. 1 response has no price: anthropic:nobody-knows-this.", Markdown.ToPlainText(text), StringComparison.Ordinal);
        Assert.DoesNotContain("$0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_is_added_to_what_the_step_has_and_keeps_within_the_limit()
    {
        string path = _folder.Write("before\n");
        OpiUsage[] rows = [.. Enumerable.Range(0, 200).Select(i => Row($"/{i}/{new string('p', 300)}", model: $"m-{i}-{new string('|', 200)}"))];

        Report(ReportFormat.GitHubSummary, rows).Write(path, Options);
        string first = File.ReadAllText(path);
        Assert.StartsWith("before\n## Costs\n", first, StringComparison.Ordinal);
        Assert.Contains("50 of 200", first, StringComparison.Ordinal);

        File.WriteAllText(path, new string('x', (1 << 20) - 2000));
        Report(ReportFormat.GitHubSummary, rows).Write(path, Options);
        Assert.InRange(new FileInfo(path).Length, (1 << 20) - 1999, 1 << 20);

        File.WriteAllText(path, new string('x', (1 << 20) - 10));
        var error = Assert.Throws<ExportFailedException>(() => Report(ReportFormat.GitHubSummary, rows).Write(path, Options));
        Assert.Contains("room for 10 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal((1 << 20) - 10, new FileInfo(path).Length);
    }

    [Fact]
    public void Azure_gets_the_file_and_the_figures_as_variables()
    {
        UsageReport report = Report(ReportFormat.AzureDevOps, [.. Two(), Row("/a", model: "nobody-knows-this")]);

        Assert.Equal(
            [
                "##vso[task.uploadsummary]/a%AZP25/b%0Ac.md",
                "##vso[task.setvariable variable=OpiCost;isOutput=true]0.018",
                "##vso[task.setvariable variable=OpiCostComplete;isOutput=true]false",
                "##vso[task.setvariable variable=OpiTokens;isOutput=true]4800",
                "##vso[task.setvariable variable=OpiResponses;isOutput=true]3",
            ],
            report.AzureCommands("/a%/b\nc.md").Select(command => command.Replace("0.01800", "0.018", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_line_for_Prometheus_is_of_its_grammar_and_each_metric_is_typed_before_its_samples()
    {
        string text = Report(ReportFormat.Prometheus, [.. Two(), Row("/a", model: "odd\"\\\nname", source: UsageSource.Codex)]).ToText(Options);

        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string? typed = null;
        var names = new HashSet<string>();
        var series = new HashSet<string>();
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                typed = type.Groups[1].Value;
                Assert.True(names.Add(typed), $"{typed} stands in two places");
            }
            else if (!HelpLine().IsMatch(line))
            {
                Match sample = SampleLine().Match(line);
                Assert.True(sample.Success, line);
                Assert.Equal(typed, sample.Groups[1].Value);
                Assert.True(series.Add(sample.Groups[1].Value + sample.Groups[2].Value), $"{line} stands twice");
            }
        }

        Assert.Contains("opi_tokens_total{source=\"ClaudeCode\",provider=\"anthropic\",model=\"claude-sonnet-4\",type=\"input\"} 3000\n", text, StringComparison.Ordinal);
        Assert.Contains("model=\"odd\\\"\\\\\\nname\"", text, StringComparison.Ordinal);
        Assert.Contains("opi_unpriced_responses_total{source=\"Codex\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Counters_never_fall()
    {
        string path = _folder.File("opi.prom");
        Report(ReportFormat.Prometheus, [.. Two(), Row("/a", source: UsageSource.Codex)]).Write(path, Options);
        Dictionary<string, decimal> before = Samples(path);

        Report(ReportFormat.Prometheus, Row("/a")).Write(path, Options); // the agent deleted its older logs
        Assert.Equal(before, Samples(path));

        Report(ReportFormat.Prometheus, [.. Two(), .. Two()]).Write(path, Options);
        Dictionary<string, decimal> after = Samples(path);
        Assert.All(before, sample => Assert.True(after[sample.Key] >= sample.Value, sample.Key));
        Assert.Equal(6000, after["opi_tokens_total{source=\"ClaudeCode\",provider=\"anthropic\",model=\"claude-sonnet-4\",type=\"input\"}"]);
    }

    [UnixFact]
    public void The_collector_of_another_user_reads_the_counters_and_nobody_else_a_report()
    {
        string counters = _folder.File("opi.prom"), charges = _folder.File("focus.csv");
        Report(ReportFormat.Prometheus, Two()).Write(counters, Options);
        Report(ReportFormat.Focus, Two()).Write(charges, Options);

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(counters));
        Assert.Equal(owner, File.GetUnixFileMode(charges));

    }

    [Fact]
    public void OTLP_is_JSON_by_the_rules_of_proto3()
    {
        string text = Report(ReportFormat.Otlp, [.. Two(), Row("/a", cacheRead: 500)]).ToText(Options);

        Assert.Equal(1, text.Count(c => c == '\n'));
        using JsonDocument request = JsonDocument.Parse(text);
        JsonElement scope = request.RootElement.GetProperty("resourceMetrics")[0].GetProperty("scopeMetrics")[0];
        var names = new Dictionary<string, JsonElement>();
        foreach (JsonElement metric in scope.GetProperty("metrics").EnumerateArray())
        {
            Assert.Equal(["name", "unit", "description", "sum"], metric.EnumerateObject().Select(member => member.Name));
            JsonElement sum = metric.GetProperty("sum");
            Assert.Equal((2, true), (sum.GetProperty("aggregationTemporality").GetInt32(), sum.GetProperty("isMonotonic").GetBoolean()));
            foreach (JsonElement point in sum.GetProperty("dataPoints").EnumerateArray())
            {
                string[] members = [.. point.EnumerateObject().Select(member => member.Name)];
                Assert.Equal(["attributes", "startTimeUnixNano", "timeUnixNano", members[3]], members);
                Assert.Contains(members[3], (string[])["asInt", "asDouble"]);
                Assert.Matches("^[0-9]{19}$", point.GetProperty("timeUnixNano").GetString());
                Assert.Equal(members[3] == "asInt" ? JsonValueKind.String : JsonValueKind.Number, point.GetProperty(members[3]).ValueKind);
                Assert.All(point.GetProperty("attributes").EnumerateArray(), attribute =>
                    Assert.Equal(JsonValueKind.String, attribute.GetProperty("value").GetProperty("stringValue").ValueKind));
            }

            names.Add(metric.GetProperty("name").GetString()!, sum.GetProperty("dataPoints")[0]);
        }

        Assert.Equal("4500", names["gen_ai.client.inference.usage.input_tokens"].GetProperty("asInt").GetString()); // cached ones too
        Assert.Equal("500", names["gen_ai.client.inference.usage.cache_read.input_tokens"].GetProperty("asInt").GetString());
        Assert.Equal("800", names["gen_ai.client.inference.usage.output_tokens"].GetProperty("asInt").GetString());
        Assert.Equal(1772366400_000000000.ToString(CultureInfo.InvariantCulture), names["opi.responses"].GetProperty("startTimeUnixNano").GetString());
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("America/New_York")]
    public void Charges_have_what_FOCUS_demands_and_add_up_to_the_cost(string zone)
    {
        TimeZoneInfo time = Zones.Find(zone);
        OpiUsage[] rows = [.. Two(), Row("/a", cacheRead: 100_000, at: Noon.AddDays(30)), Row("/b", model: "nobody-knows-this")];
        UsageReport report = Report(ReportFormat.Focus, rows, time);

        Dictionary<string, string>[] charges = Csv(report.ToText(Options));

        Assert.All(Mandatory, column => Assert.All(charges, charge => Assert.True(charge[column.Name].Length > 0 || column.MayBeEmpty, column.Name)));
        Assert.All(charges, charge =>
        {
            Assert.All((string[])["BilledCost", "ListCost", "ContractedCost", "EffectiveCost", "PricingQuantity", "ConsumedQuantity"], name =>
                Assert.Matches("^-?[0-9]+(\\.[0-9]+)?$", charge[name]));
            Assert.All((string[])["BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"], name =>
                Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", charge[name]));
            Assert.True(string.CompareOrdinal(charge["ChargePeriodStart"], charge["ChargePeriodEnd"]) < 0);
            Assert.Equal(("Usage", "", "USD"), (charge["ChargeCategory"], charge["ChargeClass"], charge["BillingCurrency"]));
            Assert.Equal(charge["ChargePeriodStart"][..8] + "01T00:00:00Z", charge["BillingPeriodStart"]);
            Assert.Equal(("AI and Machine Learning", "Generative AI"), (charge["ServiceCategory"], charge["ServiceSubcategory"]));
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(charge["Tags"]).RootElement.ValueKind);
        });
        Assert.Equal(report.Total.KnownCost, charges.Sum(charge => decimal.Parse(charge["BilledCost"], CultureInfo.InvariantCulture)));
        Assert.Equal(
            rows.Sum(row => row.InputTokens + row.OutputTokens + row.CacheReadTokens),
            charges.Sum(charge => long.Parse(charge["ConsumedQuantity"], CultureInfo.InvariantCulture)));
        Assert.Equal("false", Assert.Single(charges, charge => charge["ResourceId"] == "nobody-knows-this")["x_CostIsComplete"]);
        Assert.Contains(charges, charge => charge["SubAccountId"] == Odd);
        Assert.Equal(
            zone == "UTC" ? "2026-03-01T00:00:00Z" : "2026-03-01T05:00:00Z",
            charges.Min(charge => charge["ChargePeriodStart"]));
    }

    private static UsageReport Report(ReportFormat format, params OpiUsage[] rows) => Report(format, rows, TimeZoneInfo.Utc);

    private static UsageReport Report(ReportFormat format, OpiUsage[] rows, TimeZoneInfo zone)
    {
        var report = new UsageReport(PricingCatalog.Default, zone, format);
        Array.ForEach(rows, report.Add);
        return report;
    }

    private static OpiUsage[] Two() => [Row("/a"), Row(Odd, input: 2000, output: 400, at: Noon.AddDays(1))];

    private static OpiUsage Row(
        string project, long input = 1000, long output = 200, long cacheRead = 0, string model = "claude-sonnet-4", DateTimeOffset? at = null,
        UsageSource source = UsageSource.ClaudeCode) => new()
    {
        Source = source,
        Provider = source == UsageSource.Codex ? "openai" : "anthropic",
        Model = model,
        Project = project,
        SessionId = "s",
        Timestamp = at ?? Noon,
        InputTokens = input,
        OutputTokens = output,
        CacheReadTokens = cacheRead,
    };

    private static string[][] Cells(Table table) =>
        [.. table.Cast<TableRow>().Select(row => (string[])[.. row.Cast<TableCell>().Select(cell => string.Concat(
            cell.Descendants<LeafInline>().Select(part => part is CodeInline code ? code.Content : part.ToString())).Trim())])];

    private static Dictionary<string, decimal> Samples(string path) => File.ReadLines(path).Select(line => SampleLine().Match(line))
        .Where(match => match.Success && match.Groups[1].Value.EndsWith("_total", StringComparison.Ordinal))
        .ToDictionary(match => match.Groups[1].Value + match.Groups[2].Value, match => decimal.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));

    /// <summary>Reads CSV by RFC 4180.</summary>
    private static Dictionary<string, string>[] Csv(string text)
    {
        var lines = new List<List<string>> { new() };
        string cell = "";
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                cell += '"';
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is ',' or '\n' && !quoted)
            {
                lines[^1].Add(cell);
                cell = "";
                if (c == '\n')
                {
                    lines.Add([]);
                }
            }
            else
            {
                cell += c;
            }
        }

        Assert.Empty(lines[^1]);
        return [.. lines[1..^1].Select(line => lines[0].Zip(line, KeyValuePair.Create).ToDictionary())];
    }

    // The text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^# HELP [a-zA-Z_:][a-zA-Z0-9_:]* [^\\]*$")]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\]|\\[\\""n])*"",?)*\})? ([0-9]+(?:\.[0-9]+)?)$")]
    private static partial Regex SampleLine();
}
