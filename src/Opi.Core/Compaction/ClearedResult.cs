using System.Globalization;

namespace Opi;

/// <summary>The line that replaces a cleared tool result: what was there, how long it was, and which entry has it.</summary>
internal static class ClearedResult
{
    private const int BeginningCharacters = 120;
    private const int LeastGain = 2; // times shorter, else nothing is cleared

    /// <summary>
    /// The result with a line instead of its content. Null when that saves nothing, when the message is not a result, and when its
    /// provider requires a special form.
    /// </summary>
    public static ToolResultMessage? Of(AgentMessage message, string entryId)
    {
        if (message is not ToolResultMessage { ProviderData: null } result)
        {
            return null;
        }

        string all = string.Join('\n', result.Content.OfType<TextContent>().Select(text => text.Text));
        string[] others = [.. result.Content.Where(block => block is not TextContent).Select(Name)];
        string line = Line(all, others, entryId);
        return others.Length == 0 && all.Length < LeastGain * line.Length
            ? null
            : result with { Content = [new TextContent(line)] };
    }

    private static string Line(string all, string[] others, string entryId)
    {
        int lines = all.AsSpan().TrimEnd("\r\n").Count('\n') + 1;
        string[] parts =
        [
            .. all.Length == 0
                ? Array.Empty<string>()
                : [string.Create(CultureInfo.InvariantCulture, $"{all.Length:N0} characters in {lines:N0} line{(lines == 1 ? "" : "s")}")],
            .. others.GroupBy(name => name).Select(same => same.Count() == 1 ? same.Key : $"{same.Count()} times {same.Key}"),
        ];
        string beginning = OneLine.Of(all, BeginningCharacters);
        return $"[Cleared to make room: {string.Join(", ", parts)}{(beginning.Length == 0 ? "" : $", beginning: {beginning}")} "
            + $"| The session's entry {entryId} has all of it.]";
    }

    private static string Name(IInputContent block) => block switch
    {
        OpaqueContent opaque => $"[{opaque.Kind}]",
        _ => block.ToString()!, // [image: image/png], [document: a.pdf]
    };
}
