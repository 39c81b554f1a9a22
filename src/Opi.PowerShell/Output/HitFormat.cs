using System.Management.Automation;

namespace Opi.PowerShell.Internal;

/// <summary>Texts of the views of hits.</summary>
public static class HitFormat
{
    private const int Lead = 18;
    private const string MarkOn = "\u001b[7m";
    private const string MarkOff = "\u001b[27m";

    /// <summary>Who said it: the tool of a call or a result, else the speaker.</summary>
    public static string Who(PSObject row, int width)
    {
        ArgumentNullException.ThrowIfNull(row);
        string? tool = row.Properties[nameof(OpiSearchHit.Tool)]?.Value?.ToString();
        string role = row.Properties[nameof(OpiSearchHit.Role)]?.Value?.ToString() ?? "";
        string arrow = role == nameof(SearchRole.ToolResult) ? "< " : "> ";
        return FormatHelper.Cut(tool is { Length: > 0 } ? arrow + tool : role, width);
    }

    /// <summary>The line with the hit in reverse colours, from a little before the hit on, so that it shows in a narrow table.</summary>
    public static string Line(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        (string before, string hit, string after) = Parts(row);
        before = before.Length > Lead ? "\u2026" + before[^(Lead - 1)..].TrimStart() : before;
        return OneLine(before) + Mark(OneLine(hit)) + OneLine(after);
    }

    /// <summary>All lines, with the hit in reverse colours.</summary>
    public static string Lines(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        (string before, string hit, string after) = Parts(row);
        return before + Mark(hit) + after;
    }

    /// <summary>Where a hit with its context is.</summary>
    public static string Place(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        string time = FormatHelper.IsoTime(row.Properties[nameof(OpiSearchHit.Timestamp)]?.Value);
        string session = FormatHelper.Text(row.Properties[nameof(OpiSearchHit.SessionId)]?.Value?.ToString());
        return $"{time}  {row.Properties[nameof(OpiSearchHit.Source)]?.Value}  {Who(row, 24)}  {session}".Trim();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');

    private static string Mark(string hit) => hit.Length == 0 ? "" : MarkOn + hit + MarkOff;

    /// <summary>A row from a file has no mark.</summary>
    private static (string Before, string Hit, string After) Parts(PSObject row)
    {
        string line = row.Properties[nameof(OpiSearchHit.Line)]?.Value?.ToString() ?? "";
        return row.BaseObject is OpiSearchHit { Mark: var (start, length) } && start + length <= line.Length
            ? (line[..start], line.Substring(start, length), line[(start + length)..])
            : ("", "", VisibleText.Of(line));
    }
}
