using System.Collections.Immutable;

namespace Opi;

/// <summary>The model answers, and gets the results of its calls.</summary>
/// <param name="Message">The answer as it was.</param>
/// <param name="Content">What is sent of it: at least a text or a call, no text blank.</param>
/// <param name="Results">The result of each call, in the order of the calls.</param>
/// <param name="IsRunning">Whether no prompt came after it.</param>
internal sealed record Answer(
    AssistantMessage Message, ImmutableArray<IAssistantContent> Content, ImmutableArray<CallResult> Results, bool IsRunning) : Step
{
    /// <summary>
    /// Whether it goes back to who made it, in the same protocol: signatures, encrypted items, and <see cref="ProviderData"/> may go along.
    /// </summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether it goes back to the model that made it, so that its thinking may go along.</summary>
    public bool IsSameModel { get; init; }

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
}
