using System.Collections.Immutable;

namespace Opi;

/// <summary>
/// The better estimate: all that a model sees of a message, text, thinking, tool calls, tool results and images, with what a provider adds
/// around it. Texts are within 15 % of OpenAI's o200k tokenizer: prose, code, Chinese, Japanese, Korean, JSON.
/// </summary>
internal sealed class TokenEstimator : ITokenEstimator
{
    /// <summary>What a provider adds to each message: who speaks, where it ends.</summary>
    public const long MessageOverhead = 4;

    /// <summary>What a provider adds to each tool call and each result: the id, the frame.</summary>
    public const long ToolOverhead = 8;

    /// <summary>The estimate with the built-in counting of texts.</summary>
    public static readonly TokenEstimator Default = new(text => CountText(text));

    private readonly Func<string, long> _count;

    /// <summary>Makes an estimator that counts texts in its own way; images and what a provider adds are counted as always.</summary>
    /// <param name="count">Gives the tokens of a text.</param>
    public TokenEstimator(Func<string, long> count)
    {
        ArgumentNullException.ThrowIfNull(count);
        _count = count;
    }

    /// <summary>The tokens of a text by the built-in estimate. The time is proportional to the length for any text.</summary>
    public static long CountText(ReadOnlySpan<char> text) => TextTokens.Count(text);

    public long Estimate(AgentMessage message) => EstimateParts(message).Total;

    /// <summary>The tokens of a single text, for example a system prompt, with what a provider adds; 0 for no text.</summary>
    public long Estimate(string? text) => string.IsNullOrEmpty(text) ? 0 : MessageOverhead + _count(text);

    /// <summary>The tokens of a message by what they are spent on.</summary>
    internal TokenParts EstimateParts(AgentMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        switch (message)
        {
            case UserMessage user:
                return new TokenParts(User: MessageOverhead + TextOf(user.Content), Images: ImagesOf(user.Content));
            case SystemMessage system:
                return new TokenParts(User: MessageOverhead + TextOf(system.Content), Images: ImagesOf(system.Content));
            case ToolResultMessage result:
                return new TokenParts(ToolResults: ToolOverhead + TextOf(result.Content), Images: ImagesOf(result.Content));
            case AssistantMessage answer:
                var parts = new TokenParts(Assistant: MessageOverhead);
                foreach (IAssistantContent block in answer.Content)
                {
                    parts += block switch
                    {
                        TextContent text => new TokenParts(Assistant: Count(text.Text)),
                        ThinkingContent thinking => new TokenParts(Thinking: Count(thinking.Thinking)),
                        ToolCallContent call => new TokenParts(ToolCalls: ToolOverhead + Count(call.Name) + Count(call.Arguments)),
                        OpaqueContent opaque => new TokenParts(Assistant: Count(opaque.Data.Json)),
                        _ => default,
                    };
                }

                return parts;
            case CustomMessage { IncludeInLlmContext: false }:
                return default;
            case CustomMessage custom:
                return new TokenParts(User: Estimate(custom.Text));
            default:
                return new TokenParts(Summary: MessageOverhead + Count(message.Text));
        }
    }

    private long Count(string text) => text.Length == 0 ? 0 : _count(text);

    private long TextOf(ImmutableArray<IInputContent> content) => content.Sum(block => block switch
    {
        TextContent text => Count(text.Text),
        DocumentContent document => document.Text is { } text ? Count(text) : DocumentTokens.Count(document),
        OpaqueContent opaque => Count(opaque.Data.Json),
        _ => 0,
    });

    private static long ImagesOf(ImmutableArray<IInputContent> content) => content.OfType<ImageContent>().Sum(ImageTokens.Count);
}
