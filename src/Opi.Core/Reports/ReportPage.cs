namespace Opi;

/// <summary>Writes a report as a page.</summary>
internal sealed partial class ReportPage
{
    private const int MaxColumns = 400;
    private const int TopRows = 10;
    private const int TopSessions = 50;
    private const int LabelCount = 12;
    private const int MaxName = 60;
    private const int MaxCell = 30;
    private const string NoModel = "(no model)";
    private const string NoProject = "(no project)";
    private const string NoSession = "(no session)";

    private readonly HtmlReport _report;
    private readonly HtmlWriter _html;
    private readonly ChartWriter _charts;
    private readonly ReportOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly CostGroup _total;
    private readonly List<CostGroup> _dayModels;
    private readonly IReadOnlyList<CostGroup> _sessions;
    private readonly DateOnly[] _days;

    public ReportPage(HtmlReport report, HtmlWriter html, ReportOptions options, CancellationToken cancellationToken)
    {
        _report = report;
        _html = html;
        _charts = new ChartWriter(html);
        _options = options;
        _cancellation = cancellationToken;
        _total = report.Total;
        _dayModels = [.. report.ByDayAndModel.ToRows()];
        _sessions = report.BySession.ToRows();
        _days = [.. _dayModels.Select(group => group.Keys[0]).OfType<DateOnly>().Distinct()];
    }

    public void Write()
    {
        _html.BeginPage(_options.Title, StyleSheets.Report);
        WriteHeader();
        _html.BeginMain();
        if (_total.Cost.Responses == 0)
        {
            using HtmlElement section = _html.Block("section", ("class", "empty"));
            _html.Element("h2", "No usage")
                .Element("p", $"No response was found in this period and in these sources. {_options.EmptyAdvice}".TrimEnd());
        }
        else
        {
            WriteTiles();
            WriteUnknown();
            WriteKnown();
            WriteDays();
            WriteSources();
            WriteProjects();
            WriteMachines();
            WriteTokens();
            WriteSavings();
            WriteBurn();
            WriteWaste();
            WriteSessions();
        }

        _html.EndMain();
        WriteFooter();
        _html.EndPage();
    }

    private void WriteHeader()
    {
        var facts = new List<string>();
        if (_days.Length > 0)
        {
            facts.Add(_days.Length == 1 ? ReportText.Day(_days[0]) : $"{ReportText.Day(_days[0])} to {ReportText.Day(_days[^1])}");
        }

        if (_report.Sources.Count > 0)
        {
            facts.Add(string.Join(", ", _report.Sources));
        }

        facts.Add("days in " + _report.Zone.Id);
        using HtmlElement header = _html.Block("header");
        _html.Element("h1", _options.Title).Element("p", string.Join(" \u00b7 ", facts), ("class", "facts"));
    }

    private void WriteTiles()
    {
        OpiCost cost = _total.Cost;
        long prompt = TokenMath.Add(cost.InputTokens, TokenMath.Add(cost.CacheReadTokens, cost.CacheWriteTokens));
        decimal saved = _report.Savings.Values.Sum(model => model.Saved);
        decimal without = _report.Savings.Values.Sum(model => model.CostWithout);
        using HtmlElement section = _html.Block("section", ("aria-label", "Summary"));
        using HtmlElement tiles = _html.Inline("dl", ("class", "tiles"));
        _html.Line();
        Tile("Total cost", ReportText.ShortMoney(_total.KnownCost), _total.IsComplete ? "US dollars" : "US dollars, of what is known");
        Tile(
            "Responses",
            ReportText.Count(cost.Responses),
            $"{ReportText.Plural(_sessions.Count, "session", "sessions")}, {ReportText.Plural(_days.Length, "day", "days")}");
        Tile("Tokens", ReportText.ShortCount(cost.TotalTokens), ReportText.Count(cost.TotalTokens));
        Tile("Cache hit share", ReportText.Share(cost.CacheReadTokens, prompt), "of the prompts' tokens");
        Tile(
            saved < 0 ? "Lost by caching" : "Saved by caching",
            ReportText.ShortMoney(Math.Abs(saved)),
            $"{ReportText.Share(Math.Abs(saved), without)} of the prompts' cost");
        long unknown = cost.UnpricedResponses;
        Tile(
            "Cost not known",
            ReportText.Count(unknown),
            unknown == 0 ? "every response has a cost" : $"{ReportText.Share(unknown, cost.Responses)} of the responses");

        void Tile(string name, string value, string note)
        {
            using HtmlElement tile = _html.Block("div");
            _html.Element("dt", name).Element("dd", value).Element("dd", note, ("class", "note"));
        }
    }

    private void WriteUnknown()
    {
        if (UnknownReasons.Of(_total) is { } reasons)
        {
            _html.Element("p", $"The costs in this report are too low. {reasons}", ("class", "warn"), ("role", "note")).Line();
        }
    }

    private void WriteDays()
    {
        (string[] names, Dictionary<string, int> ranks) = RankModels();
        Period period = PeriodOf(_days);
        var periods = new SortedDictionary<DateOnly, ReportAmount[]>();
        ReportAmount[] sums = NewColumn();
        foreach (CostGroup group in _dayModels)
        {
            int rank = ranks[Name(group.Keys[1], NoModel)];
            sums[rank] += ReportAmount.Of(group);
            if (group.Keys[0] is DateOnly day)
            {
                DateOnly start = StartOf(period, day);
                ReportAmount[] column = periods.TryGetValue(start, out ReportAmount[]? known) ? known : periods[start] = NewColumn();
                column[rank] += ReportAmount.Of(group);
            }
        }

        string unit = period.ToString().ToLowerInvariant();
        using HtmlElement section = BeginSection(
            $"Cost by {unit}",
            _report.Untimed == 0 ? null : $"{ReportText.Plural(_report.Untimed, "response", "responses")} without a time cannot be shown here.");
        if (periods.Count > 0)
        {
            (DateOnly peak, ReportAmount[] most) = periods.MaxBy(item => ReportAmount.Sum(item.Value).Known);
            DateOnly[] slots = [.. SlotsOf(period, [.. periods.Keys])];
            _charts.DrawColumns(
                "days",
                $"Cost by {unit} and model",
                $"Stacked columns from {ReportText.Day(slots[0])} to {ReportText.Day(slots[^1])}. The highest, {ReportText.Day(peak)}, is "
                    + $"{ReportAmount.Sum(most)}. The table below has all amounts.",
                [.. slots.Select((slot, i) => Column(slot, LabelOf(period, slots, i), periods.GetValueOrDefault(slot) ?? [], names))]);
        }

        _charts.WriteLegend(names.Select((name, rank) => (ChartWriter.ColourOf(rank), name, sums[rank].WithShare(_total.KnownCost))));
        WriteTable(
            $"Cost by {unit}",
            [period.ToString(), .. names, "Total"],
            periods.Select(
                item => (string[])
                [
                    ReportText.Day(item.Key), .. item.Value.Select(amount => amount.ToString()), ReportAmount.Sum(item.Value).ToString()
                ]));

        ReportAmount[] NewColumn() => [.. Enumerable.Repeat(ReportAmount.None, names.Length)];
    }

    /// <summary>The names of the models that cost most and of all others together, and the position of each model among them.</summary>
    private (string[] Names, Dictionary<string, int> Ranks) RankModels()
    {
        string[] models =
        [
            .. _dayModels.GroupBy(group => Name(group.Keys[1], NoModel))
                .OrderByDescending(model => ReportAmount.Sum(model).Known).ThenBy(model => model.Key, StringComparer.Ordinal)
                .Select(model => model.Key),
        ];
        int others = models.Length - ChartWriter.Colours;
        string[] names = others > 1 ? [.. models.Take(ChartWriter.Colours), $"{others} other models"] : models;
        return (
            names, models.Select((model, rank) => (model, rank)).ToDictionary(item => item.model, item => Math.Min(item.rank, ChartWriter.Colours)));
    }

    private static ChartWriter.Column Column(DateOnly slot, string? label, ReportAmount[] parts, string[] names) => new(
        label,
        $"{ReportText.Day(slot)}: {ReportAmount.Sum(parts)}"
            + string.Concat(parts.Select((part, i) => part == ReportAmount.None ? "" : $"\n{names[i]}: {part}")),
        [.. parts.Select((part, rank) => new ChartWriter.Part(part.Known, ChartWriter.ColourOf(rank)))]);

    private void WriteProjects()
    {
        List<CostGroup> projects = [.. _report.ByProject.ToRows().OrderByDescending(group => group.KnownCost)];
        using HtmlElement section = BeginSection("Cost by project", null);
        DrawCosts("projects", "Cost by project", projects, project => Name(project.Keys[0], NoProject), "other projects");
        WriteTable(
            "Cost by project",
            ["Project", "Responses", "Tokens", "Cost", "Share"],
            projects.Select(project => (string[])
            [
                Name(project.Keys[0], NoProject),
                ReportText.Count(project.Cost.Responses),
                ReportText.Count(project.Cost.TotalTokens),
                ReportAmount.Of(project).ToString(),
                ReportText.Share(project.KnownCost, _total.KnownCost),
            ]));
    }

    private void WriteTokens()
    {
        OpiCost total = _total.Cost;
        (string Name, long Tokens, decimal Cost)[] kinds =
        [
            ("Input", total.InputTokens, _report.Cost.InputCost),
            ("Output", total.OutputTokens, _report.Cost.OutputCost),
            ("Cache read", total.CacheReadTokens, _report.Cost.CacheReadCost),
            ("Cache write", total.CacheWriteTokens, _report.Cost.CacheWriteCost),
            ("Web searches", 0, _report.Cost.SearchCost),
        ];
        kinds = kinds[^1].Cost == 0 ? kinds[..^1] : kinds;
        decimal cost = kinds.Sum(kind => kind.Cost);
        using HtmlElement section = BeginSection("Token mix", "What the tokens are, and which of them the money is for.");
        _charts.DrawShares(
            "tokens",
            "Tokens and cost by kind of token",
            string.Join(
                ", ",
                kinds.Select(
                    kind => $"{kind.Name}: {ReportText.Share(kind.Tokens, total.TotalTokens)} of the tokens and "
                        + $"{ReportText.Share(kind.Cost, cost)} of the cost"))
                + ".",
            [
                new(
                    "Tokens",
                    ReportText.ShortCount(total.TotalTokens),
                    [.. kinds.Select(
                        (kind, i) => (
                            new ChartWriter.Part(kind.Tokens, ChartWriter.ColourOf(i)), $"{kind.Name}: {ReportText.Count(kind.Tokens)} tokens"))]),
                new(
                    "Cost",
                    ReportText.Money(cost),
                    [.. kinds.Select(
                        (kind, i) => (new ChartWriter.Part(kind.Cost, ChartWriter.ColourOf(i)), $"{kind.Name}: {ReportText.Money(kind.Cost)}"))]),
            ]);
        _charts.WriteLegend(kinds.Select((kind, i) =>
            (
                ChartWriter.ColourOf(i),
                kind.Name,
                $"{ReportText.Share(kind.Tokens, total.TotalTokens)} of tokens, {ReportText.Share(kind.Cost, cost)} of cost")));
        WriteTable(
            "Token mix",
            ["Kind", "Tokens", "Share of tokens", "Cost", "Share of cost"],
            kinds.Select(kind => (string[])
                [
                    kind.Name, ReportText.Count(kind.Tokens), ReportText.Share(kind.Tokens, total.TotalTokens), ReportText.Money(kind.Cost),
                    ReportText.Share(kind.Cost, cost)
                ]));
    }

    private void WriteSavings()
    {
        (string Name, HtmlReport.CacheSavings Savings)[] models =
        [
            .. _report.Savings.Where(model => (model.Value.ReadTokens | model.Value.WriteTokens) > 0)
                .Select(model => (model.Key, model.Value))
                .OrderByDescending(model => model.Value.Saved).ThenBy(model => model.Key, StringComparer.Ordinal),
        ];
        using HtmlElement section = BeginSection("Cache savings", models.Length == 0
            ? "No response with a price used a cache."
            : "What was saved: the prompts' cost without a cache, every token at the input price, less their cost with it, reads at their "
                + "discount and writes at their surcharge.");
        if (models.Length > 0)
        {
            _charts.DrawRows(
                "savings",
                "Cost of prompts without and with caching, by model",
                string.Join(", ", models.Take(TopRows).Select(model => $"{model.Name}: {Saved(model.Savings)}")) + ".",
                [.. models.Take(TopRows).Select(model => new ChartWriter.Row(
                    model.Name,
                    Saved(model.Savings),
                    $"{model.Name}\nwithout caching: {ReportText.Money(model.Savings.CostWithout)}\nwith caching: "
                        + $"{ReportText.Money(model.Savings.CostWith)}",
                    [new(model.Savings.CostWithout, "rest"), new(model.Savings.CostWith, ChartWriter.ColourOf(0))]))]);
            _charts.WriteLegend(
            [
                ("rest", "Without caching", ReportText.Money(models.Sum(model => model.Savings.CostWithout))),
                (ChartWriter.ColourOf(0), "With caching", ReportText.Money(models.Sum(model => model.Savings.CostWith))),
            ]);
            WriteTable(
                "Cache savings",
                ["Model", "Tokens read", "Tokens written", "Without caching", "With caching", "Saved"],
                models.Select(model => (string[])
                [
                    model.Name,
                    ReportText.Count(model.Savings.ReadTokens),
                    ReportText.Count(model.Savings.WriteTokens),
                    ReportText.Money(model.Savings.CostWithout),
                    ReportText.Money(model.Savings.CostWith),
                    ReportText.Money(model.Savings.Saved),
                ]));
        }

        static string Saved(HtmlReport.CacheSavings savings) =>
            $"{ReportText.Money(savings.Saved)} ({ReportText.Share(savings.Saved, savings.CostWithout)})";
    }

    private void WriteSessions()
    {
        List<CostGroup> sessions = [.. _sessions.OrderByDescending(group => group.KnownCost).Take(TopSessions)];
        using HtmlElement section = BeginSection("Top sessions", null);
        DrawCosts("sessions", "The sessions that cost most", [.. sessions.Take(TopRows)], Label, "");
        WriteTable(
            "Top sessions",
            ["Session", "Source", "Project", "Begun", "Models", "Responses", "Tokens", "Cost"],
            sessions.Select(session => (string[])
            [
                Id(session),
                Source(session).ToString(),
                Name(session.Project, NoProject),
                session.First is { } begun ? ReportText.Time(TimeZoneInfo.ConvertTime(begun, _report.Zone)) : "-",
                session.Cost.Model ?? NoModel,
                ReportText.Count(session.Cost.Responses),
                ReportText.Count(session.Cost.TotalTokens),
                ReportAmount.Of(session).ToString(),
            ]));

        static string Id(CostGroup session) => Name(session.Keys[1], NoSession);
        static UsageSource Source(CostGroup session) => (UsageSource)session.Keys[0]!;
        static string Label(CostGroup session) => $"{ReportText.Cut(Id(session), 13)} \u00b7 {Name(session.Project, NoProject)}";
    }

    /// <summary>Rows of the largest costs, and one for the others.</summary>
    private void DrawCosts(string id, string title, List<CostGroup> groups, Func<CostGroup, string> nameOf, string others)
    {
        List<ChartWriter.Row> rows =
        [
            .. groups.Take(TopRows).Select(group => Row(nameOf(group), ReportAmount.Of(group), ChartWriter.ColourOf(0))),
        ];
        if (groups.Count > TopRows)
        {
            rows.Add(Row($"{groups.Count - TopRows} {others}", ReportAmount.Sum(groups.Skip(TopRows)), null));
        }

        _charts.DrawRows(id, title, string.Join(", ", rows.Select(row => $"{row.Name}: {row.Value}")) + ".", rows);

        ChartWriter.Row Row(string name, ReportAmount cost, string? colour) =>
            new(name, cost.WithShare(_total.KnownCost), $"{name}\n{cost}", colour is null ? [] : [new(cost.Known, colour)]);
    }

    private HtmlElement BeginSection(string heading, string? note)
    {
        _cancellation.ThrowIfCancellationRequested();
        HtmlElement section = _html.Block("section");
        _html.Element("h2", heading).Line();
        if (note is not null)
        {
            _html.Element("p", note, ("class", "note")).Line();
        }

        return section;
    }

    /// <summary>A table that opens under a chart. Its first column names the row, and numbers are aligned to the right.</summary>
    private void WriteTable(string caption, string[] columns, IEnumerable<string[]> rows)
    {
        using HtmlElement details = _html.Block("details");
        _html.Element("summary", "Table: " + caption).Line();
        using HtmlElement scroll = _html.Inline(
            "div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption + ", table"));
        using HtmlElement table = _html.Inline("table");
        _html.Element("caption", caption).Line();
        using (_html.Block("thead"))
        {
            using HtmlElement headings = _html.Inline("tr");
            foreach (string column in columns)
            {
                _html.Element("th", column, ("scope", "col"), ("title", TitleOf(column)));
            }
        }

        using HtmlElement body = _html.Inline("tbody");
        _html.Line();
        foreach (string[] row in rows)
        {
            _cancellation.ThrowIfCancellationRequested();
            using HtmlElement line = _html.Block("tr");
            _html.Element("th", row[0], ("scope", "row"), ("title", TitleOf(row[0])));
            foreach (string cell in row.Skip(1))
            {
                _html.Element("td", cell);
            }
        }

        static string? TitleOf(string cell) => cell.Length > MaxCell ? cell : null; // the page cuts it
    }

    private void WriteFooter()
    {
        string written = _options.WrittenAt is { } time ? $" Written {ReportText.Time(time.ToUniversalTime())} UTC." : "";
        _html.Element(
            "footer",
            "Costs are in US dollars: what the provider or the agent stated, else the list price at the time. They are not an invoice. "
                + $"Price data of {_report.PriceDate}.{written}").Line();
    }

    /// <summary>A key of a group as a name.</summary>
    private static string Name(object? key, string none) => key is string { Length: > 0 } name ? name : none;
}
