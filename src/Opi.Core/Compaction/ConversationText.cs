using System.Globalization;
using System.Text;

namespace Opi;

/// <summary>A conversation as text for a model to read: who speaks, calls with their arguments, results. No thinking.</summary>
internal static class ConversationText
{
    /// <summary>Messages as text, each on its own lines.</summary>
    public static string Of(IEnumerable<AgentMessage> messages)
    {
        var text = new StringBuilder();
        foreach (AgentMessage message in messages)
        {
            text.Append(Of(message));
        }

        return text.ToString();
    }

    /// <summary>A message as text, ended by a line break; empty when a model would see nothing of it.</summary>
    public static string Of(AgentMessage message) => message switch
    {
        UserMessage or SystemMessage => Line(message.Role, message.Text),
        AssistantMessage answer => Line("assistant", answer.Text)
            + string.Concat(answer.Content.OfType<OpaqueContent>().Select(opaque => Line("assistant used", opaque.StandIn)))
            + string.Concat(answer.ToolCalls.Select(call => Line("assistant calls", $"{call.Name}({call.Arguments})")))
            + Line("assistant failed", answer.ErrorMessage ?? ""),
        ToolResultMessage result => Line(result.IsError ? $"{result.ToolName} failed" : $"{result.ToolName} result", result.Text, evenEmpty: true),
        BranchSummaryMessage branch => Line("summary of a branch that was left", branch.Summary),
        CustomMessage { IncludeInLlmContext: false } => "",
        _ => Line(message.Role, message.Text),
    };

    /// <summary>The beginning of a text, and how much is missing.</summary>
    public static string Shorten(string text, int characters)
    {
        if (text.Length <= characters)
        {
            return text;
        }

        int end = characters > 0 && char.IsHighSurrogate(text[characters - 1]) ? characters - 1 : characters;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}... ({text.Length - end} more characters)");
    }

    private static string Line(string who, string text, bool evenEmpty = false) => text.Length == 0 && !evenEmpty ? "" : $"[{who}]: {text}\n";
}
