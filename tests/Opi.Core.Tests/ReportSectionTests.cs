using System.Xml;
using System.Xml.Linq;

namespace Opi.Tests;

/// <summary>What the page of HTML tells of sources, machines, burn, and of what is known.</summary>
public sealed class ReportSectionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Sources_have_their_sessions_tokens_and_costs_the_dearest_first()
    {
        XElement page = Page(
            Row(UsageSource.Codex, 1000, "s1"), Row(UsageSource.ClaudeCode, 2000, "s2"), Row(UsageSource.ClaudeCode, 3000, "s3") with { CacheReadTokens = 10_000 },
            Row(UsageSource.Goose, 10, "s4", "nobody-knows-me"));

        Assert.Equal(
            [
                "ClaudeCode|2|2|5,000|0|10,000|0|$0.0180|85.7%", // 5,000 at 3 dollars a million, 10,000 at 0.30
                "Codex|1|1|1,000|0|0|0|$0.0030|14.3%",
                "Goose|1|1|10|0|0|0|not known|0.0%",
            ],
            Rows(page, "Cost by source"));
    }

    [Fact]
    public void Machines_and_users_have_a_section_where_the_responses_tell_them()
    {
        XElement page = Page(
            Row(UsageSource.Codex, 1000) with { Machine = "ci-1", User = "ann" },
            Row(UsageSource.Codex, 2000) with { Machine = "ci-1", User = "bob" },
            Row(UsageSource.Codex, 4000));

        Assert.Equal(
            ["(not named)|(not named)|1|4,000|$0.0120|57.1%", "ci-1|bob|1|2,000|$0.0060|28.6%", "ci-1|ann|1|1,000|$0.0030|14.3%"],
            Rows(page, "Cost by machine and user"));
        Assert.DoesNotContain("machine", Page(Row(UsageSource.Codex, 1000)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Burn_has_each_block_its_rate_and_what_the_block_of_now_will_have_cost()
    {
        OpiUsage[] rows =
        [
            Row(UsageSource.Codex, 1_000_000, model: "claude-3-7-sonnet"), Row(UsageSource.Codex, 1_000_000, model: "claude-3-7-sonnet") with { Timestamp = Noon.AddMinutes(30) },
            Row(UsageSource.Codex, 1_000_000, model: "claude-3-7-sonnet") with { Timestamp = Noon.AddHours(-20) },
        ];

        XElement now = Page(Noon.AddHours(2), rows);

        // 6 dollars in half an hour: 12 an hour, for three more hours.
        Assert.Equal(
            ["2026-03-01 12:00|2026-03-01 17:00|2|2,000,000|$6.00|$12.00|$42.00", "2026-02-28 16:00|2026-02-28 21:00|1|1,000,000|$3.00|-|-"],
            Rows(now, "Blocks"));
        Assert.Equal(
            "The current block ends at 2026-03-01 17:00. So far it cost $6.00, $12.00 an hour. At this rate it will have cost $42.00 at its end.",
            now.Descendants("p").Single(paragraph => paragraph.Attribute("class")?.Value == "now").Value);

        foreach (XElement over in new[] { Page(Noon.AddHours(5), rows), Page(rows) })
        {
            Assert.DoesNotContain(over.Descendants("p"), paragraph => paragraph.Attribute("class")?.Value == "now");
            Assert.EndsWith("|$12.00|-", Rows(over, "Blocks")[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_block_with_an_unknown_part_has_no_rate()
    {
        XElement page = Page(
            Noon.AddHours(1), Row(UsageSource.Codex, 1000), Row(UsageSource.Codex, 1000, model: "nobody-knows-me") with { Timestamp = Noon.AddMinutes(30) });

        Assert.Equal(["2026-03-01 12:00|2026-03-01 17:00|2|2,000|\u2265 $0.0030|-|-"], Rows(page, "Blocks"));
        Assert.Contains("So far it cost \u2265 $0.0030. Its rate is not known.", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_known_stands_apart_from_what_is_not()
    {
        XElement page = Page(
            Row(UsageSource.Codex, 1000),
            Row(UsageSource.Cline, 50) with { LoggedCost = 0.5m, Model = "nobody-knows-me" },
            Row(UsageSource.Goose, 10, model: "nobody-knows-me"),
            Row(UsageSource.Goose, 20, model: "nobody-knows-me"),
            Row(UsageSource.Codex, 0) with { IsKnown = false });

        Assert.Equal(
            ["List price|2|1,000|\u2265 $0.0030|0.6%", "Stated in the agent's log|1|50|$0.5000|99.4%"], Rows(page, "Where known costs are from"));
        Assert.Equal(
            ["anthropic:nobody-knows-me|Goose|2|30|not known", "anthropic:claude-sonnet-4-5|Codex|1|0|not known"], Rows(page, "Costs that are not known"));
        XElement section = page.Descendants("section").Single(part => part.Element("h2")?.Value == "Known and unknown costs");
        Assert.Equal(
            ["$0.5030 for 2 responses", "3 responses, no known cost"],
            section.Descendants("span").Where(span => span.Attribute("class")?.Value == "much").Select(span => span.Value));
    }

    [Fact]
    public void Where_all_is_known_it_says_so()
    {
        XElement page = Page(Row(UsageSource.Codex, 1000));

        Assert.Contains("Every response has a cost.", page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants("caption"), caption => caption.Value == "Costs that are not known");
    }

    private static OpiUsage Row(UsageSource source, long input, string session = "s", string model = "claude-sonnet-4-5") => new()
    {
        Timestamp = Noon,
        Source = source,
        SessionId = session,
        Model = model,
        Provider = "anthropic",
        InputTokens = input,
        TotalTokens = input,
    };

    private static XElement Page(params OpiUsage[] rows) => Page(null, rows);

    private static XElement Page(DateTimeOffset? now, params OpiUsage[] rows)
    {
        var report = new UsageReport(PricingCatalog.Default, TimeZoneInfo.Utc);
        foreach (OpiUsage row in rows)
        {
            report.Add(row);
        }

        using var text = new StringReader(report.ToText(new ReportOptions { WrittenAt = now }));
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    private static string[] Rows(XElement page, string caption) =>
    [
        .. page.Descendants("table").Single(table => table.Element("caption")!.Value == caption).Element("tbody")!.Elements("tr")
            .Select(row => string.Join('|', row.Elements().Select(cell => cell.Value))),
    ];
}
