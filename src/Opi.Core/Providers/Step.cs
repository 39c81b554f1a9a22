using System.Collections.Immutable;

namespace Opi;

/// <summary>A step of a conversation as every provider takes it.</summary>
internal abstract record Step;

/// <summary>The user speaks.</summary>
/// <param name="Content">Text and images, at least one, no text blank.</param>
internal sealed record Prompt(ImmutableArray<IInputContent> Content) : Step;

/// <summary>The model answers, and gets the results of its calls.</summary>
/// <param name="Message">The answer as it was.</param>
/// <param name="Content">What is sent of it: at least a text or a call, no text blank.</param>
/// <param name="Results">The result of each call, in the order of the calls.</param>
/// <param name="IsRunning">Whether no prompt came after it.</param>
internal sealed record Answer(AssistantMessage Message, ImmutableArray<IAssistantContent> Content, ImmutableArray<CallResult> Results, bool IsRunning) : Step
{
    /// <summary>The content up to its last text or call: thinking behind that led nowhere, and most providers refuse it.</summary>
    public IEnumerable<IAssistantContent> ContentBeforeLastThinking
    {
        get
        {
            int last = Content.Length - 1;
            while (Content[last] is ThinkingContent)
            {
                last--;
            }

            return Content.Take(last + 1);
        }
    }

    /// <summary>The images of the results and a line before them, for providers that take no images in a result; empty without images.</summary>
    public IReadOnlyList<IInputContent> ResultImages =>
        Results.SelectMany(result => result.Images).ToArray() is { Length: > 0 } images ? [new TextContent("Images of the tool results above:"), .. images] : [];
}

/// <summary>A call and its result.</summary>
/// <param name="Call">The call, with an id and a name that the provider takes.</param>
/// <param name="HasId">Whether the provider that made the call gave it its id.</param>
/// <param name="Content">Text and images of the result, no text blank; may be empty.</param>
/// <param name="IsError">Whether the tool failed.</param>
internal sealed record CallResult(ToolCallContent Call, bool HasId, ImmutableArray<IInputContent> Content, bool IsError)
{
    /// <summary>The texts of the result.</summary>
    public IEnumerable<string> Texts => Content.OfType<TextContent>().Select(text => text.Text);

    /// <summary>The images of the result.</summary>
    public IEnumerable<ImageContent> Images => Content.OfType<ImageContent>();
}
