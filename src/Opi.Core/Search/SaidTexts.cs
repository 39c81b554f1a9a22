using System.Text.Json;

namespace Opi;

/// <summary>The texts of an entry that can be looked for.</summary>
internal static class SaidTexts
{
    /// <summary>All texts of an entry, in their order. What is encrypted or an image has none.</summary>
    public static IEnumerable<SaidText> Of(SessionEntry entry) => entry switch
    {
        MessageEntry { Message: AssistantMessage answer } => OfAnswer(answer),
        MessageEntry { Message: UserMessage user } => user.Content.SelectMany(block => OfInput(block, SearchPart.Text, SearchRole.User)),
        MessageEntry { Message: SystemMessage system } => system.Content.SelectMany(block => OfInput(block, SearchPart.Text, SearchRole.System)),
        MessageEntry { Message: ToolResultMessage result } => OfResult(result),
        CompactionEntry compaction => [new SaidText(SearchPart.Summary, SearchRole.Summary, compaction.Summary)],
        BranchSummaryEntry branch => [new SaidText(SearchPart.Summary, SearchRole.Summary, branch.Summary)],
        SessionInfoEntry info => [new SaidText(SearchPart.Name, SearchRole.Name, info.Name)],
        LabelEntry label => [new SaidText(SearchPart.Name, SearchRole.Name, label.Label)],
        CompactionFailureEntry failure => [new SaidText(SearchPart.Other, SearchRole.Other, failure.Error)],
        ExtensionStateEntry state => [new SaidText(SearchPart.Other, SearchRole.Other, Leaves(state.State))],
        UnknownEntry unknown => [new SaidText(SearchPart.Other, SearchRole.Other, Leaves(unknown.Content))],
        _ => [], // changes of the model and the like, which are not messages
    };

    private static IEnumerable<SaidText> OfAnswer(AssistantMessage answer)
    {
        (string?, string?) model = (NullIfEmpty(answer.Provider), NullIfEmpty(answer.Model));
        foreach (IAssistantContent block in answer.Content)
        {
            SaidText text = block switch
            {
                TextContent said => new SaidText(SearchPart.Text, SearchRole.Assistant, said.Text),
                ThinkingContent thought => new SaidText(SearchPart.Thinking, SearchRole.Assistant, thought.Thinking),
                ToolCallContent call => new SaidText(SearchPart.ToolCall, SearchRole.Assistant, OfCall(call))
                {
                    Tool = call.Name,
                    Arguments = call.Arguments,
                },
                OpaqueContent opaque => new SaidText(SearchPart.Other, SearchRole.Assistant, OfOpaque(opaque)),
                _ => new SaidText(SearchPart.Other, SearchRole.Assistant, block.ToString() ?? ""),
            };
            yield return text with { Model = model };
        }

        if (answer.ErrorMessage is { } error)
        {
            yield return new SaidText(SearchPart.Other, SearchRole.Assistant, error) { Model = model };
        }
    }

    private static IEnumerable<SaidText> OfResult(ToolResultMessage result)
    {
        IEnumerable<SaidText> texts = result.Content.SelectMany(block => OfInput(block, SearchPart.ToolResult, SearchRole.ToolResult));
        if (result.Details is { } details)
        {
            texts = texts.Append(new SaidText(SearchPart.ToolResult, SearchRole.ToolResult, Leaves(details)));
        }

        return texts.Select(text => text with { Tool = result.ToolName, CallId = result.ToolCallId });
    }

    private static IEnumerable<SaidText> OfInput(IInputContent block, SearchPart part, SearchRole role) => block switch
    {
        TextContent text => [new SaidText(part, role, text.Text)],
        DocumentContent document => [new SaidText(part, role, $"{document.Name}\n{document.Text}".Trim('\n'))],
        OpaqueContent opaque => [new SaidText(part, role, OfOpaque(opaque))],
        _ => [], // an image
    };

    private static string OfCall(ToolCallContent call)
    {
        string arguments = LogLeaves.Text(call.Arguments) ?? call.Arguments;
        return arguments.Length == 0 ? call.Name : $"{call.Name}\n{arguments}";
    }

    private static string OfOpaque(OpaqueContent opaque) => LogLeaves.Text(opaque.Data.Json) ?? opaque.Data.Json;

    private static string Leaves(JsonElement value) => LogLeaves.Text(System.Text.Encoding.UTF8.GetBytes(value.GetRawText())) ?? "";

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
