using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Opi.Tests;

public sealed partial class UsageReportTests : IDisposable
{
    private const string Hostile = "<script>alert('canary')</script>\"><img src=x onerror=alert(1)></title></svg>";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_caching_saved_is_the_discount_of_reads_less_the_surcharge_of_writes()
    {
        var report = new HtmlReport(PricingCatalog.Default, TimeZoneInfo.Utc);
        report.Add(Row(input: 1000, cacheRead: 100_000));
        report.Add(Row(input: 1000, cacheWrite: 100_000));
        report.Add(Row(input: 1000));

        HtmlReport.CacheSavings savings = Assert.Single(report.Savings).Value;

        // Sonnet: 3 for input, 0.30 for a read, 3.75 for a write.
        Assert.Equal((100_000, 100_000), (savings.ReadTokens, savings.WriteTokens));
        Assert.Equal(0.609m, savings.CostWithout);
        Assert.Equal(0.27m - 0.075m, savings.Saved);
    }

    [Fact]
    public void The_page_has_the_sums_a_chart_for_each_question_and_a_table_under_each_chart()
    {
        XElement page = Page(Row(input: 1000, output: 200, cacheRead: 9000), Row(input: 1000, output: 200, project: "/b", session: "t", at: Noon.AddDays(2)));

        Assert.Equal(
            ["Known and unknown costs", "Cost by day", "Cost by source", "Cost by project", "Token mix", "Cache savings", "Burn", "Waste", "Top sessions"],
            page.Descendants("h2").Select(heading => heading.Value));
        Assert.Equal("en", page.Attribute("lang")!.Value);
        Assert.Single(page.Descendants("h1"));
        // 2 x (0.003 + 0.003) + 0.0027; 9,000 of 11,000 prompt tokens from the cache.
        Assert.Equal(["$0.0147", "2", "11.4 K", "81.8%", "$0.0243", "0"], Tiles(page));
        XElement[] charts = Charts(page);
        Assert.Equal(8, charts.Length);
        Assert.All(charts, chart =>
        {
            string[] ids = chart.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.Equal(ids, (string[])[chart.Elements().Single(child => child.Name.LocalName == "title").Attribute("id")!.Value, chart.Elements().Single(child => child.Name.LocalName == "desc").Attribute("id")!.Value]);
            Assert.Single(chart.Parent!.Elements("details").Descendants("table"));
        });
        Assert.All(page.Descendants("table"), table => Assert.All(table.Descendants("th"), cell => Assert.NotNull(cell.Attribute("scope"))));
        string[] all = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(all.Distinct(), all);
        Assert.Equal(["2026-03-01", "2026-03-03"], FirstColumn(page, "Cost by day"));
        Assert.Contains($"Price data of {PricingCatalog.Default.Date}.", page.Descendants("footer").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Waste_is_summed_by_kind_and_what_is_not_known_of_it_is_not_shown_as_nothing()
    {
        OpiUsage[] Idle(string session, string model) =>
        [
            Row(input: 10, cacheWrite: 20_000, session: session, model: model),
            Row(input: 10, cacheRead: 20_000, cacheWrite: 1_000, session: session, model: model, at: Noon.AddMinutes(1)),
            Row(input: 10, cacheWrite: 22_000, session: session, model: model, at: Noon.AddMinutes(20)),
        ];

        XElement page = Page([.. Idle("s", "claude-sonnet-4-5"), .. Idle("t", "nobody-knows-this")]);

        // 21,000 tokens were in the cache each time: written for 3.75 in place of a read for 0.30.
        Assert.Equal(["CacheIdle", "2", "42,000", "\u2265 $0.0725"], Cells(page, "Waste by kind").Single());
        Assert.Equal([("s", "$0.0725"), ("t", "not known")], Cells(page, "The dearest waste").Select(row => (row[2], row[5])));
    }

    [Fact]
    public void What_has_no_known_cost_is_counted_and_named()
    {
        XElement page = Page(
            Row(input: 1000),
            Row(input: 1000, model: "nobody-knows-me") with { Provider = "me" },
            Row(input: 1000) with { Model = null, Provider = null },
            Row() with { IsKnown = false },
            Row() with { Priced = true });

        Assert.Equal("4", Tiles(page)[5]);
        string warning = page.Descendants("p").Single(paragraph => paragraph.Attribute("class")?.Value == "warn").Value;
        Assert.Contains("1 response has no price: me:nobody-knows-me. 1 response names no model.", warning, StringComparison.Ordinal);
        Assert.Contains("The tokens of 2 responses were not reported.", warning, StringComparison.Ordinal);
        Assert.Contains("not known", Table(page, "Cost by day").Value, StringComparison.Ordinal);
        Assert.Contains("\u2265 $0.0030", Table(page, "Cost by project").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cost_by_kind_has_the_searches_too()
    {
        XElement page = Page(Row(input: 1000) with { WebSearches = 2 });

        Assert.Equal("$0.0230", Tiles(page)[0]); // a search is 0.01
        Assert.Contains("$0.0200", Table(page, "Token mix").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_usage_it_says_so_and_draws_nothing()
    {
        XElement page = Page();

        Assert.Equal(["No usage"], page.Descendants("h2").Select(heading => heading.Value));
        Assert.Empty(Charts(page));
        Assert.Empty(page.Descendants("dt"));
    }

    [Fact]
    public void A_year_of_many_models_and_projects_has_a_row_for_the_rest_and_no_cost_is_lost()
    {
        OpiUsage[] rows = [.. Year()];
        decimal sum = rows.Sum(row => PricingCatalog.Default.Find($"{row.Provider}:{row.Model}", row.Timestamp)!.CostOf(new Usage(row.InputTokens, row.OutputTokens))!.TotalCost);

        XElement page = Page(rows);

        Assert.Equal(ReportText.ShortMoney(sum), Tiles(page)[0]);
        Assert.Contains(Legend(page), name => name == "5 other models");
        Assert.Contains(page.Descendants().Where(child => child.Name.LocalName == "text"), text => text.Value == "30 other projects");
        Assert.Equal(365, FirstColumn(page, "Cost by day").Length);
        Assert.Equal(40, FirstColumn(page, "Cost by project").Length);
        Assert.Equal(365, Charts(page)[1].Descendants().Count(child => child.Attribute("class")?.Value == "column"));
        Assert.Equal(50, FirstColumn(page, "Top sessions").Length);
    }

    [Theory]
    [InlineData(399, "Cost by day")]
    [InlineData(800, "Cost by week")]
    [InlineData(4000, "Cost by month")]
    [InlineData(700_000, "Cost by month")]
    public void A_long_time_is_shown_by_weeks_or_months(int days, string heading)
    {
        XElement page = Page(Row(input: 1000, at: Noon), Row(input: 1000, at: Noon.AddDays(days)), Row(input: 1000) with { Timestamp = null });

        XElement section = page.Descendants("section").Single(section => section.Element("h2")?.Value == heading);
        Assert.Contains("1 response without a time cannot be shown here.", section.Value, StringComparison.Ordinal);
        Assert.Equal(2, FirstColumn(page, heading).Length);
        Assert.InRange(new FileInfo(_folder.File("report.html")).Length, 1, 100_000);
    }

    [Fact]
    public void Only_responses_without_a_time_leave_the_chart_of_days_out()
    {
        XElement page = Page(Row(input: 1000) with { Timestamp = null });

        Assert.Equal(5, Charts(page).Length); // no days, no cache, no burn
        Assert.Equal("$0.0030", Tiles(page)[0]);
    }

    [Fact]
    public void Days_are_days_of_the_time_zone()
    {
        OpiUsage late = Row(input: 1000, at: new DateTimeOffset(2026, 3, 1, 23, 30, 0, TimeSpan.Zero));

        Assert.Equal(["2026-03-01"], FirstColumn(Page([late], TimeZoneInfo.Utc), "Cost by day"));
        Assert.Equal(["2026-03-02"], FirstColumn(Page([late], Zones.Find("Europe/Berlin")), "Cost by day"));
    }

    [Fact]
    public void Names_cannot_add_an_element_and_long_ones_are_cut_with_the_whole_in_a_title()
    {
        string longName = "/home/" + new string('x', 300) + "/end";
        XElement page = Page([Row(input: 1000, project: Hostile, session: Hostile, model: Hostile), Row(input: 1000, project: longName)], title: Hostile);

        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "img");
        Assert.Equal(Hostile, page.Element("head")!.Element("title")!.Value);
        Assert.Contains(Hostile, FirstColumn(page, "Cost by project"));
        Assert.Contains(page.Descendants().Where(element => element.Name.LocalName == "title"), title => title.Value.StartsWith(longName + "\n", StringComparison.Ordinal));
        Assert.All(page.Descendants().Where(element => element.Name.LocalName == "text"), text => Assert.InRange(text.Value.Length, 1, 100));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void The_culture_changes_nothing_and_the_same_usage_gives_the_same_bytes(string culture)
    {
        string Text()
        {
            Page(Row(input: 1_234_567, output: 200, cacheRead: 9000), Row(input: 3, at: Noon.AddDays(400)));
            return File.ReadAllText(_folder.File("report.html"));
        }

        string expected = Text();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, Text());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_report_that_cannot_be_written_leaves_nothing()
    {
        var report = new UsageReport(PricingCatalog.Default, TimeZoneInfo.Utc);
        report.Add(Row(input: 1));
        Assert.Throws<ExportFailedException>(() => report.Write(_folder.File("nope/x.html"), new ReportOptions()));
        Assert.Throws<OperationCanceledException>(() => report.Write(_folder.File("x.html"), new ReportOptions(), new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        report.Write(_folder.File("x.html"), new ReportOptions());
        AssertMode.OwnerOnly(_folder.File("x.html"));
        Assert.Throws<ExportFailedException>(() => report.Write(_folder.File("x.html"), new ReportOptions { Overwrite = Overwrite.Never }));
    }

    [BrowserFact]
    public void A_browser_shows_it_without_loading_or_running_anything()
    {
        Page([Row(input: 1000, project: Hostile, session: Hostile, model: Hostile), Row(cacheRead: 1000), .. Year()], title: Hostile);

        string document = Browser.Load(_folder.File("report.html"), out string log);

        Assert.Empty(log);
        Assert.DoesNotContain("<script", document, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", document, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(8, Regex.Count(document, "role=\"img\""));
        Assert.Equal(9, Regex.Count(document, "<table>"));
        Assert.Contains("&lt;script&gt;alert('canary')&lt;/script&gt;", document, StringComparison.Ordinal);
        Assert.DoesNotMatch(Fetches(), document);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_and_colours_stand_out_from_what_is_behind_them(bool dark)
    {
        string css = StyleSheets.Report;
        string Colour(string name) => Contrast.Colour(css, name, dark);

        Assert.All(["page", "card"], behind => Assert.All(["ink", "soft", "accent"], text =>
            Assert.True(Contrast.Of(Colour(text), Colour(behind)) >= 4.5, $"{text} on {behind}: {Contrast.Of(Colour(text), Colour(behind))}")));
        Assert.True(Contrast.Of(Colour("ink"), Colour("warn")) >= 4.5);
        Assert.All([.. Enumerable.Range(0, ChartWriter.Colours).Select(ChartWriter.ColourOf), "rest"], part =>
            Assert.True(Contrast.Of(Colour(part), Colour("card")) >= 3, $"{part}: {Contrast.Of(Colour(part), Colour("card"))}"));
    }

    [Theory]
    [InlineData("0", "$0")]
    [InlineData("0.00001", "< $0.0001")]
    [InlineData("0.0081", "$0.0081")]
    [InlineData("-2.5", "-$2.50")]
    [InlineData("1234.5", "$1,234.50")]
    public void Money_has_the_digits_that_it_needs(string amount, string expected) =>
        Assert.Equal(expected, ReportText.Money(decimal.Parse(amount, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(999, "999")]
    [InlineData(1500, "1.5 K")]
    [InlineData(999_999, "1000 K")]
    [InlineData(9_223_372_036_854_775_807, "9223372 T")]
    public void Counts_are_short(long count, string expected) => Assert.Equal(expected, ReportText.ShortCount(count));

    private static OpiUsage Row(
        long input = 0, long output = 0, long cacheRead = 0, long cacheWrite = 0, string project = "/a", string session = "s", string model = "claude-sonnet-4-5", DateTimeOffset? at = null) => new()
        {
            Timestamp = at ?? Noon,
            Source = UsageSource.ClaudeCode,
            SessionId = session,
            Project = project,
            Model = model,
            Provider = "anthropic",
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = cacheRead,
            CacheWriteTokens = cacheWrite,
            TotalTokens = input + output + cacheRead + cacheWrite,
        };

    private static IEnumerable<OpiUsage> Year()
    {
        (string Provider, string Model)[] models =
        [
            ("anthropic", "claude-sonnet-4-5"), ("anthropic", "claude-opus-4-1"), ("anthropic", "claude-haiku-4-5"), ("anthropic", "claude-3-5-haiku-latest"), ("openai", "gpt-4o"), ("openai", "gpt-4o-mini"),
            ("openai", "gpt-4.1"), ("openai", "gpt-4.1-mini"), ("openai", "o3"), ("gemini", "gemini-2.5-pro"), ("gemini", "gemini-2.5-flash"), ("gemini", "gemini-2.0-flash"),
        ];
        for (int i = 0; i < 365 * 12; i++)
        {
            (string provider, string model) = models[i % models.Length];
            yield return Row(1000 + i, 200, project: $"/projects/{i % 40}", session: $"s{i / 20}", model: model, at: Noon.AddDays(i / 12)) with { Provider = provider };
        }
    }

    private static string[] Tiles(XElement page) =>
        [.. page.Descendants("dl").Single().Elements("div").Select(tile => tile.Elements("dd").First().Value)];

    private static XElement[] Charts(XElement page) => [.. page.Descendants().Where(element => element.Attribute("role")?.Value == "img")];

    private static IEnumerable<string> Legend(XElement page) => page.Descendants("span").Where(span => span.Attribute("class")?.Value == "what").Select(span => span.Value);

    private static XElement Table(XElement page, string caption) => page.Descendants("table").Single(table => table.Element("caption")!.Value == caption);

    private static IEnumerable<string[]> Cells(XElement page, string caption) =>
        Table(page, caption).Element("tbody")!.Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray());

    private static string[] FirstColumn(XElement page, string caption) => [.. Table(page, caption).Element("tbody")!.Elements("tr").Select(row => row.Elements().First().Value)];

    private XElement Page(params OpiUsage[] rows) => Page(rows, TimeZoneInfo.Utc);

    /// <summary>Writes the report and reads it as XML, which it is as well: so nothing in it is left open or unescaped.</summary>
    private XElement Page(OpiUsage[] rows, TimeZoneInfo? zone = null, string title = "Report")
    {
        var report = new UsageReport(PricingCatalog.Default, zone ?? TimeZoneInfo.Utc);
        foreach (OpiUsage row in rows)
        {
            report.Add(row);
        }

        string path = _folder.File("report.html");
        report.Write(path, new ReportOptions { Title = title });
        using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    [GeneratedRegex("""(src|href)="(?!#)|url\(|@import""")]
    private static partial Regex Fetches();
}
