using System.Globalization;

namespace Opi;

/// <summary>
/// Draws charts as SVG: widths are shares of the page's width, so that they fit any screen, heights are pixels. Colours are classes of the
/// style sheet, which has them for light and for dark.
/// </summary>
internal sealed class ChartWriter(HtmlWriter html)
{
    /// <summary>How many colours there are besides the one for all others.</summary>
    public const int Colours = 7;

    private const int PlotHeight = 240;
    private const int PlotTop = 10;
    private const string LevelAt = "-6"; // in the margin that the style sheet leaves
    private const int AxisHeight = 24;
    private const int Gridlines = 4;
    private const decimal MaxColumnWidth = 6;
    private const int RowHeight = 44;
    private const int BarHeight = 10;
    private const int WideLine = 70; // letters of a row on the smallest of the wide screens, name and value together
    private const int NarrowLine = 38;
    private const int LeastName = 8;
    private const int ShareHeight = 60;

    private static readonly decimal[] RoundSteps = [1, 1.2m, 1.6m, 2, 2.4m, 3, 4, 5, 6, 8, 10];

    /// <summary>A part of a column or a bar.</summary>
    /// <param name="Value">Its size; not drawn when it is not above 0.</param>
    /// <param name="Colour">The class of its colour.</param>
    public readonly record struct Part(decimal Value, string Colour)
    {
        private const decimal Largest = 1e17m; // an axis has no label beyond

        /// <summary>Its size.</summary>
        public decimal Value { get; } = Math.Min(Value, Largest);
    }

    /// <summary>A column of a chart over time.</summary>
    /// <param name="Label">The text under it; null for none.</param>
    /// <param name="Title">The text shown on hover.</param>
    /// <param name="Parts">What it is made of, from below.</param>
    public sealed record Column(string? Label, string Title, IReadOnlyList<Part> Parts);

    /// <summary>A row of a chart of amounts.</summary>
    /// <param name="Name">The whole name.</param>
    /// <param name="Value">The text at its end.</param>
    /// <param name="Title">The text shown on hover.</param>
    /// <param name="Bars">The bars under the name; may be none.</param>
    public sealed record Row(string Name, string Value, string Title, IReadOnlyList<Part> Bars);

    /// <summary>A bar that shows shares of one whole.</summary>
    /// <param name="Name">What the whole is.</param>
    /// <param name="Value">The whole.</param>
    /// <param name="Parts">The parts, each with the text shown on hover.</param>
    public sealed record Shares(string Name, string Value, IReadOnlyList<(Part Part, string Title)> Parts);

    /// <summary>The class of the colour of a rank; those beyond the palette share one.</summary>
    public static string ColourOf(int rank) => rank < Colours ? string.Create(CultureInfo.InvariantCulture, $"c{rank}") : "rest";

    /// <summary>Stacked columns over time.</summary>
    public void DrawColumns(string id, string title, string description, IReadOnlyList<Column> columns)
    {
        decimal top = RoundUp(columns.Max(column => column.Parts.Sum(part => Math.Max(0, part.Value))));
        using HtmlElement chart = Begin(id, title, description, PlotTop + PlotHeight + AxisHeight, "chart columns");
        for (int i = 0; i <= Gridlines; i++)
        {
            string y = Number(GridY(i));
            html.Empty("line", ("class", i == 0 ? "axis" : "grid"), ("x1", "0"), ("x2", "100%"), ("y1", y), ("y2", y));
            html.Element("text", ReportText.Level(top * i / Gridlines), ("class", "tick level"), ("x", LevelAt), ("y", Number(GridY(i) + 4)));
        }

        html.Line();
        decimal slot = 100m / columns.Count;
        decimal width = Math.Min(slot * 0.8m, MaxColumnWidth);
        int labels = 0;
        for (int i = 0; i < columns.Count; i++)
        {
            DrawColumn(columns[i], slot * i, slot, width, top);
            if (columns[i].Label is { } label)
            {
                string kind = labels++ % 2 == 0 ? "tick mid" : "tick mid wide"; // small screens have room for every second
                html.Element("text", label, ("class", kind), ("x", Percent(slot * (i + 0.5m))), ("y", Number(PlotTop + PlotHeight + 17))).Line();
            }
        }
    }

    /// <summary>Rows of a name, an amount and bars, the largest bar as wide as the page.</summary>
    public void DrawRows(string id, string title, string description, IReadOnlyList<Row> rows)
    {
        decimal longest = rows.SelectMany(row => row.Bars).Select(bar => bar.Value).Append(0).Max();
        int height = rows.Max(row => RowHeight + ((row.Bars.Count - 1) * (BarHeight + 2)));
        using HtmlElement chart = Begin(id, title, description, height * rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            Row row = rows[i];
            int y = height * i;
            using HtmlElement group = html.Block("g");
            html.Element("title", row.Title);
            WriteName(row.Name, "wide", WideLine - row.Value.Length, y);
            WriteName(row.Name, "narrow", NarrowLine - row.Value.Length, y);
            html.Element("text", row.Value, ("class", "value"), ("x", "100%"), ("y", Number(y + 16)));
            for (int bar = 0; bar < row.Bars.Count; bar++)
            {
                int barY = y + 24 + (bar * (BarHeight + 2));
                Rect("track", 0, 100, barY, BarHeight);
                Rect(row.Bars[bar].Colour, 0, longest == 0 ? 0 : Math.Max(0, row.Bars[bar].Value) / longest * 100, barY, BarHeight);
            }
        }
    }

    /// <summary>Bars that show shares, one under the other.</summary>
    public void DrawShares(string id, string title, string description, IReadOnlyList<Shares> bars)
    {
        using HtmlElement chart = Begin(id, title, description, ShareHeight * bars.Count);
        for (int i = 0; i < bars.Count; i++)
        {
            int y = ShareHeight * i;
            html.Element("text", bars[i].Name, ("x", "0"), ("y", Number(y + 16)));
            html.Element("text", bars[i].Value, ("class", "value"), ("x", "100%"), ("y", Number(y + 16)));
            decimal whole = bars[i].Parts.Sum(part => part.Part.Value);
            decimal x = 0;
            Rect("track", 0, 100, y + 24, 24);
            foreach ((Part part, string tooltip) in bars[i].Parts)
            {
                decimal width = whole == 0 ? 0 : part.Value / whole * 100;
                using HtmlElement group = html.Inline("g");
                html.Element("title", tooltip);
                Rect(part.Colour, x, width, y + 24, 24);
                x += width;
            }

            html.Line();
        }
    }

    /// <summary>What the colours mean, with amounts.</summary>
    public void WriteLegend(IEnumerable<(string Colour, string Name, string Value)> entries)
    {
        using HtmlElement list = html.Block("ul", ("class", "legend"));
        html.Line();
        foreach ((string colour, string name, string value) in entries)
        {
            using HtmlElement item = html.Block("li", ("title", $"{name}: {value}"));
            using (html.Inline("svg", ("width", "12"), ("height", "12"), ("aria-hidden", "true")))
            {
                html.Empty("rect", ("class", colour), ("width", "12"), ("height", "12"), ("rx", "2"));
            }

            html.Element("span", name, ("class", "what")).Element("span", value, ("class", "much"));
        }
    }

    /// <summary>Writes the name of a row for wide or for narrow screens, cut to what fits there next to the value.</summary>
    private void WriteName(string name, string screen, int length, int y) =>
        html.Element("text", ReportText.Cut(name, Math.Max(LeastName, length)), ("class", screen), ("x", "0"), ("y", Number(y + 16)));

    private HtmlElement Begin(string id, string title, string description, int height, string kind = "chart")
    {
        HtmlElement chart = html.Block(
            "svg", ("class", kind), ("role", "img"), ("aria-labelledby", $"{id}-title {id}-text"), ("width", "100%"), ("height", Number(height)),
            ("xmlns", "http://www.w3.org/2000/svg"));
        html.Line().Element("title", title, ("id", id + "-title")).Element("desc", description, ("id", id + "-text")).Line();
        return chart;
    }

    private static decimal GridY(int line) => PlotTop + PlotHeight - (PlotHeight * (decimal)line / Gridlines);

    private void DrawColumn(Column column, decimal x, decimal slot, decimal width, decimal top)
    {
        decimal y = PlotTop + PlotHeight;
        Part[] parts = [.. column.Parts.Where(part => part.Value > 0)];
        if (parts.Length == 0)
        {
            return;
        }

        using HtmlElement group = html.Block("g", ("class", "column"));
        html.Element("title", column.Title);
        Rect("hover", x, slot, PlotTop, PlotHeight);
        foreach (Part part in parts)
        {
            decimal height = part.Value / top * PlotHeight;
            y -= height;
            Rect(part.Colour, x + ((slot - width) / 2), width, y, height);
        }
    }

    private void Rect(string colour, decimal x, decimal width, decimal y, decimal height) =>
        html.Empty("rect", ("class", colour), ("x", Percent(x)), ("y", Number(y)), ("width", Percent(width)), ("height", Number(height)));

    /// <summary>The next round number at or above.</summary>
    private static decimal RoundUp(decimal value)
    {
        decimal power = 0.00000001m;
        while (power * 10 < value)
        {
            power *= 10;
        }

        return RoundSteps.Select(step => step * power).First(step => step >= value);
    }

    private static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Percent(decimal value) => value.ToString("0.###", CultureInfo.InvariantCulture) + "%";
}
