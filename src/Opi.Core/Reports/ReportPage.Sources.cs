namespace Opi;

internal sealed partial class ReportPage
{
    private const string NotNamed = "(not named)";

    /// <summary>Which agents the costs are of.</summary>
    private void WriteSources()
    {
        List<CostGroup> sources = [.. _report.BySource.ToRows().OrderByDescending(group => group.KnownCost)];
        Dictionary<object, int> sessions = _sessions.GroupBy(group => group.Keys[0]!).ToDictionary(group => group.Key, group => group.Count());
        using HtmlElement section = BeginSection("Cost by source", null);
        DrawCosts("sources", "Cost by source", sources, source => source.Keys[0]!.ToString()!, "other sources");
        WriteTable(
            "Cost by source",
            ["Source", "Sessions", "Responses", "Input", "Output", "Cache read", "Cache write", "Cost", "Share"],
            sources.Select(source => (string[])
            [
                source.Keys[0]!.ToString()!,
                ReportText.Count(sessions.GetValueOrDefault(source.Keys[0]!)),
                ReportText.Count(source.Cost.Responses),
                ReportText.Count(source.Cost.InputTokens),
                ReportText.Count(source.Cost.OutputTokens),
                ReportText.Count(source.Cost.CacheReadTokens),
                ReportText.Count(source.Cost.CacheWriteTokens),
                ReportAmount.Of(source).ToString(),
                ReportText.Share(source.KnownCost, _total.KnownCost),
            ]));
    }

    /// <summary>Which machines and users they are from, if the responses say so.</summary>
    private void WriteMachines()
    {
        List<CostGroup> machines = [.. _report.ByMachine.ToRows().OrderByDescending(group => group.KnownCost)];
        if (machines.TrueForAll(group => group.Keys[0] is null && group.Keys[1] is null))
        {
            return;
        }

        using HtmlElement section = BeginSection("Cost by machine and user", null);
        DrawCosts("machines", "Cost by machine and user", machines, Label, "other machines and users");
        WriteTable(
            "Cost by machine and user",
            ["Machine", "User", "Responses", "Tokens", "Cost", "Share"],
            machines.Select(machine => (string[])
            [
                Name(machine.Keys[0], NotNamed),
                Name(machine.Keys[1], NotNamed),
                ReportText.Count(machine.Cost.Responses),
                ReportText.Count(machine.Cost.TotalTokens),
                ReportAmount.Of(machine).ToString(),
                ReportText.Share(machine.KnownCost, _total.KnownCost),
            ]));

        static string Label(CostGroup machine) => $"{Name(machine.Keys[0], NotNamed)} \u00b7 {Name(machine.Keys[1], NotNamed)}";
    }
}
