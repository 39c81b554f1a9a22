using System.Xml.Linq;

namespace Opi.Tests;

/// <summary>What the HTML page of a session tells beside the messages: turns, times, tokens, costs, and which result is of which call.</summary>
public sealed class SessionPageTests : IDisposable
{
    private static readonly long Morning = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_table_has_the_turns_with_their_times_tokens_and_costs()
    {
        XElement page = Page(
            User("First  question\nof two", 0),
            Answer(2, new Usage(1000, 100), "c1"),
            Result("c1", 62),
            Answer(65, new Usage(0, 100, CacheReadTokens: 10_000, CacheWriteTokens: 2000)),
            User("Second", 4000),
            Answer(4001, new Usage(10, 10)) with { Model = "nobody-knows-me" });

        // Sonnet 4: 3 and 15 dollars a million, 0.30 for a read, 3.75 for a write.
        Assert.Equal(
            [
                "1|2026-11-24 09:00:00|1 min 5 s|First question of two|1|3,000|10,000|200|$0.0165",
                "2|2026-11-24 10:06:40|1 s|Second|0|10|0|10|not known",
                "All||1 min 6 s||1|3,010|10,000|210|\u2265 $0.0165",
            ],
            page.Descendants("tr").Skip(1).Select(row => string.Join('|', row.Elements().Select(cell => cell.Value))));
        Assert.Equal(["#m1", "#m5"], page.Descendants("tbody").Descendants("a").Select(link => link.Attribute("href")!.Value));
        Assert.Equal(
            ["2026-11-24 09:00:00 \u00b7 turn 1 \u00b7 13,200 tokens \u00b7 $0.0165", "2026-11-24 10:06:40 \u00b7 turn 2 \u00b7 20 tokens \u00b7 not known"],
            Notes(page, "user"));
        Assert.Equal("anthropic:claude-sonnet-4 \u00b7 2026-11-24 09:01:05 \u00b7 2,000 in \u00b7 10,000 cached \u00b7 100 out \u00b7 $0.0120", Notes(page, "assistant")[1]);
        Assert.Contains("\u2265 $0.0165 for the answers on this page", page.Element("body")!.Element("header")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_leads_to_its_result_and_back_where_an_id_comes_again_too()
    {
        XElement page = Page(
            User("q", 0), Answer(1, new Usage(1, 1), "c1", "c2"), Result("c2", 2), Result("c1", 3), Answer(4, new Usage(1, 1), "c1"), Result("c1", 5), Answer(6, new Usage(1, 1), "lost"),
            Result("nobody's", 7));

        Assert.Equal(
            [("m2c1", "#m4"), ("m2c2", "#m3"), ("m5c1", "#m6"), ("m7c1", null)],
            page.Descendants("div").Where(part => part.Attribute("class")?.Value == "call")
                .Select(call => (call.Attribute("id")!.Value, call.Descendants("a").SingleOrDefault()?.Attribute("href")?.Value)));
        Assert.Equal(
            [("m3", "#m2c2"), ("m4", "#m2c1"), ("m6", "#m5c1"), ("m8", null)],
            Sections(page, "tool").Select(result => (result.Attribute("id")!.Value, result.Elements("a").SingleOrDefault()?.Attribute("href")?.Value)));
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants("a").Select(link => link.Attribute("href")!.Value), target => Assert.Contains(target[1..], ids));
    }

    [Fact]
    public void Results_are_folded_but_for_those_of_a_tool_that_failed()
    {
        XElement page = Page(
            User("q", 0), Answer(1, new Usage(1, 1), "c1", "c2"), Result("c1", 2, "one\ntwo\n"), Result("c2", 3, "no such file") with { IsError = true });

        Assert.Equal(
            [("Result: 2 lines, 8 characters", null), ("Result: 1 line, 12 characters", "open")],
            Sections(page, "tool").Select(part => part.Element("details")!).Select(details => (details.Element("summary")!.Value, details.Attribute("open")?.Value)));
        Assert.Equal("one\ntwo\n", Sections(page, "tool")[0].Element("details")!.Element("div")!.Value);
    }

    [Fact]
    public void Links_and_turns_hold_where_results_are_left_out()
    {
        XElement page = Page(
            new SessionExportOptions { Format = ExportFormat.Html, ExcludeToolOutput = true },
            User("q", 0), Answer(1, new Usage(1, 1), "c1"), Result("c1", 2), User("r", 3));

        Assert.Equal(["#m1", "#m3"], page.Descendants("tbody").Descendants("a").Select(link => link.Attribute("href")!.Value));
        Assert.DoesNotContain(page.Descendants("a"), link => link.Value == "its result");
    }

    [Fact]
    public void Without_tokens_there_are_no_columns_of_them_and_no_cost_that_would_be_nothing()
    {
        XElement page = Page(User("q", 0), Answer(1, Usage.Unknown));

        Assert.Equal(["Turn", "Begun", "Took", "Prompt", "Calls"], page.Descendants("thead").Descendants("th").Select(heading => heading.Value));
        Assert.DoesNotContain('$', page.Element("body")!.Value);
        Assert.Contains("has no tokens", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_not_in_the_prompt_of_the_table_either()
    {
        XElement page = Page(User("take sk-ant-abcdefghij0123456789 for it", 0), Answer(1, new Usage(1, 1)));

        Assert.DoesNotContain("abcdefghij", page.ToString(), StringComparison.Ordinal);
        Assert.Contains("[REDACTED]", page.Descendants("tbody").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_before_the_first_prompt_are_a_turn_of_their_own_and_their_times_may_be_missing()
    {
        XElement page = Page(Answer(1, new Usage(1000, 0)) with { TimestampMs = 0 }, User("q", 5));

        Assert.Equal(
            ["0|||(before the first prompt)|0|1,000|0|0|$0.0030", "1|2026-11-24 09:00:05|0 s|q|0|0|0|0|"],
            page.Descendants("tbody").Descendants("tr").Select(row => string.Join('|', row.Elements().Select(cell => cell.Value))));
    }

    [BrowserFact]
    public void A_browser_shows_the_page_without_loading_anything()
    {
        Page(User("q", 0), Answer(1, new Usage(1, 1), "c1"), Result("c1", 2));

        string document = Browser.Load(_folder.File("x.html"), out string log);

        Assert.Empty(log);
        Assert.Contains("<details class=\"result\">", document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Notes_and_links_can_be_read_in_light_and_dark(bool dark)
    {
        string css = StyleSheets.Session;
        Assert.All(["ink", "soft", "accent", "bad"], text => Assert.True(
            Contrast.Of(Contrast.Colour(css, text, dark), Contrast.Colour(css, "card", dark)) >= 4.5, text));
    }

    private static UserMessage User(string text, int second) => new(text, Morning + (second * 1000L));

    private static AssistantMessage Answer(int second, Usage usage, params string[] calls) =>
        new([new TextContent("a"), .. calls.Select(id => new ToolCallContent(id, "bash", "{}"))], "anthropic", "claude-sonnet-4", Morning + (second * 1000L)) { Usage = usage };

    private static ToolResultMessage Result(string call, int second, string text = "out") => new(call, "bash", [new TextContent(text)], Morning + (second * 1000L));

    private static string[] Notes(XElement page, string kind) =>
        [.. Sections(page, kind).Select(section => section.Element("div")!.Element("span")!.Value)];

    private static XElement[] Sections(XElement page, string kind) => [.. page.Descendants("section").Where(section => section.Attribute("class")?.Value == kind)];

    private XElement Page(params Message[] messages) => Page(new SessionExportOptions { Format = ExportFormat.Html }, messages);

    private XElement Page(SessionExportOptions options, params Message[] messages)
    {
        string source = _folder.Write(Make.File(
            [.. messages.Select((message, i) => Make.Line(new MessageEntry($"m{i + 1}", i == 0 ? null : $"m{i}", "t", message)))]));
        using SessionReader reader = SessionReader.Open(source);
        SessionExport.Write(reader, _folder.File("x.html"), options);
        string html = File.ReadAllText(_folder.File("x.html"));
        return XElement.Parse(html[html.IndexOf('\n', StringComparison.Ordinal)..]);
    }
}
