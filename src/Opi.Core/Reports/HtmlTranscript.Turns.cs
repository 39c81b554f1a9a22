using System.Globalization;

namespace Opi;

internal sealed partial class HtmlTranscript
{
    private const string Separator = " \u00b7 ";

    private static TranscriptTurn Sum(IReadOnlyList<TranscriptTurn> turns)
    {
        var sum = new TranscriptTurn(0, 0, "");
        foreach (TranscriptTurn turn in turns)
        {
            sum.Add(turn);
        }

        return sum;
    }

    /// <summary>The turns as a table: each leads to its first message.</summary>
    private void WriteTurns()
    {
        if (_plan.Turns.Count == 0)
        {
            return;
        }

        using HtmlElement part = _html.Block("nav", ("class", "turns"), ("aria-labelledby", "turns-h"));
        _html.Element("h2", "Turns", ("id", "turns-h")).Line();
        string[] notes =
        [
            "Times are in UTC.",
            .. _plan.HasUsage ? Array.Empty<string>() : ["The log has no tokens for these answers."],
            .. _plan.IsCompacted ? ["Messages that a summary replaces are not on this page and not in these sums."] : Array.Empty<string>(),
        ];
        _html.Element("p", string.Join(' ', notes), ("class", "note")).Line();
        using HtmlElement scroll = _html.Inline("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Turns, table"));
        using HtmlElement table = _html.Inline("table");
        using (_html.Block("thead"))
        {
            using HtmlElement headings = _html.Inline("tr");
            Heading("Turn", null);
            Heading("Begun", "time");
            Heading("Took", "more");
            Heading("Prompt", "prompt");
            Heading("Calls", "more");
            if (_plan.HasUsage)
            {
                Heading("Input", "more");
                Heading("Cached", "more");
                Heading("Output", "more");
                Heading("Cost", null);
            }
        }

        using (_html.Block("tbody"))
        {
            _html.Line();
            foreach (TranscriptTurn turn in _plan.Turns)
            {
                using HtmlElement row = _html.Block("tr");
                using (_html.Inline("th", ("scope", "row")))
                {
                    _html.Element("a", ReportText.Count(turn.Number), ("href", FormattableString.Invariant($"#m{turn.Message}")));
                }

                Cells(turn, turn.Begun is { } begun ? Clock(begun) : "", turn.Number == 0 ? "(before the first prompt)" : turn.Prompt);
            }
        }

        if (_plan.Turns.Count > 1)
        {
            using HtmlElement foot = _html.Block("tfoot");
            using HtmlElement row = _html.Inline("tr");
            _html.Element("th", "All", ("scope", "row"));
            Cells(Sum(_plan.Turns), "", "");
        }

        void Heading(string name, string? kind) => _html.Element("th", name, ("scope", "col"), ("class", kind));

        void Cells(TranscriptTurn turn, string begun, string prompt)
        {
            _html.Element("td", begun, ("class", "time"))
                .Element("td", Length(turn.Took), ("class", "more"))
                .Element("td", prompt, ("class", "prompt"))
                .Element("td", ReportText.Count(turn.Calls), ("class", "more"));
            if (_plan.HasUsage)
            {
                _html.Element("td", ReportText.Count(TokenMath.Add(turn.Usage.InputTokens, turn.Usage.CacheWriteTokens)), ("class", "more"))
                    .Element("td", ReportText.Count(turn.Usage.CacheReadTokens), ("class", "more"))
                    .Element("td", ReportText.Count(turn.Usage.OutputTokens), ("class", "more"))
                    .Element("td", turn.Answers == 0 ? "" : turn.Cost.ToString());
            }
        }
    }

    private static string IdOf((int Message, int Call) call) => FormattableString.Invariant($"m{call.Message}c{call.Call}");

    private static string? Notes(params string?[] notes) =>
        notes.Where(note => !string.IsNullOrEmpty(note)).ToArray() is { Length: > 0 } shown ? string.Join(Separator, shown) : null;

    private static string? TimeOf(Message message) =>
        message.TimestampMs > 0 && WireTime.FromUnixMilliseconds(message.TimestampMs) is { } time ? Clock(time) : null;

    private static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Length(TimeSpan? time) => time is not { } length ? ""
        : length.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0} s")
        : length.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)length.TotalMinutes} min {length.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)length.TotalHours} h {length.Minutes} min");

    private string? TurnNote(TranscriptTurn? turn) => turn is null ? null : Notes(
        $"turn {ReportText.Count(turn.Number)}",
        turn.Usage.IsKnown ? $"{ReportText.Count(turn.Usage.TotalTokens)} tokens" : null,
        turn.Answers > 0 && _plan.HasUsage ? turn.Cost.ToString() : null);

    /// <summary>What the answer took and cost that is the next message on the page.</summary>
    private string? UsageNote(AssistantMessage answer)
    {
        Usage usage = answer.Usage;
        return !_plan.HasUsage ? null
            : !usage.IsKnown ? "tokens not known"
            : Notes(
                $"{ReportText.Count(TokenMath.Add(usage.InputTokens, usage.CacheWriteTokens))} in",
                usage.CacheReadTokens > 0 ? $"{ReportText.Count(usage.CacheReadTokens)} cached" : null,
                $"{ReportText.Count(usage.OutputTokens)} out",
                _plan.CostOf(_number + 1).ToString());
    }

    /// <summary>How long a result is, so that a reader knows what unfolding it shows.</summary>
    private static string ResultSummary(ToolResultMessage message)
    {
        string text = message.Text;
        int lines = text.Length == 0 ? 0 : text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        return $"Result: {ReportText.Plural(lines, "line", "lines")}, {ReportText.Plural(text.Length, "character", "characters")}";
    }
}
