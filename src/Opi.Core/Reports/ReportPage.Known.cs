namespace Opi;

internal sealed partial class ReportPage
{
    /// <summary>The known and the unknown part of the money, side by side: unknown costs are in no sum.</summary>
    private void WriteKnown()
    {
        KnownParts parts = _report.Parts;
        (KnownParts.Part known, KnownParts.Part unknown) = (parts.Known, parts.Unknown);
        using HtmlElement section = BeginSection("Known and unknown costs", unknown.Responses == 0
            ? "Every response has a cost."
            : "Unknown costs are in no sum of this report. They can be shown as responses and tokens, not as money.");
        string colour = ChartWriter.ColourOf(0);
        string notKnown = unknown.Cost.Known == 0 ? "no known cost" : $"{ReportText.Money(unknown.Cost.Known)} of their cost is known";
        _charts.DrawShares(
            "known",
            "Responses and tokens with and without a known cost",
            $"Known: {Described(known)}. Not known: {Described(unknown)}, {notKnown}.",
            [
                Bar("Responses", known.Responses, unknown.Responses),
                Bar("Tokens", known.Tokens, unknown.Tokens),
            ]);
        _charts.WriteLegend(
        [
            (colour, "Known", $"{ReportText.Money(known.Cost.Known)} for {Responses(known)}"),
            ("rest", "Not known", unknown.Responses == 0 ? "nothing" : $"{Responses(unknown)}, {notKnown}"),
        ]);
        WriteTable(
            "Where known costs are from",
            ["Origin", "Responses", "Tokens", "Cost", "Share"],
            parts.Origins.Select(origin => (string[])
            [
                NameOf(origin.Key),
                ReportText.Count(origin.Value.Responses),
                ReportText.Count(origin.Value.Tokens),
                origin.Value.Cost.ToString(),
                ReportText.Share(origin.Value.Cost.Known, _total.KnownCost),
            ]));
        if (unknown.Responses > 0)
        {
            WriteTable(
                "Costs that are not known",
                ["Model", "Source", "Responses", "Tokens", "Known part"],
                parts.UnknownModels.Select(item => (string[])
                [
                    item.Key.Model,
                    item.Key.Source.ToString(),
                    ReportText.Count(item.Part.Responses),
                    ReportText.Count(item.Part.Tokens),
                    item.Part.Cost.ToString(),
                ]));
        }

        ChartWriter.Shares Bar(string name, long with, long without) => new(
            name,
            ReportText.ShortCount(TokenMath.Add(with, without)),
            [
                (new(with, colour), $"Known: {ReportText.Count(with)}"), (new(without, "rest"), $"Not known: {ReportText.Count(without)}"),
            ]);

        static string Responses(KnownParts.Part part) => ReportText.Plural(part.Responses, "response", "responses");
        static string Described(KnownParts.Part part) => $"{Responses(part)} of {ReportText.ShortCount(part.Tokens)} tokens";
    }

    private static string NameOf(CostSource origin) => string.Join(", ", Enum.GetValues<CostSource>().Where(flag => flag != 0 && origin.HasFlag(flag))
        .Select(flag => flag switch
        {
            CostSource.List => "List price",
            CostSource.Billed => "Stated by the provider",
            CostSource.Logged => "Stated in the agent's log",
            CostSource.Own => "Your own price",
            CostSource.Maker => "List price of the model's maker",
            CostSource.Local => "Server of this machine",
            _ => flag.ToString(),
        }));
}
