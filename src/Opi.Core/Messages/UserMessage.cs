using System.Collections.Immutable;

namespace Opi;

/// <summary>What the user, or the script in the user's place, says.</summary>
public sealed record UserMessage : Message
{
    private readonly ValueArray<IInputContent> _content;

    /// <summary>Makes a message of several blocks.</summary>
    public UserMessage(IEnumerable<IInputContent> content, long timestampMs)
        : base(timestampMs) => Content = [.. content];

    /// <summary>Makes a message of one text.</summary>
    public UserMessage(string text, long timestampMs)
        : this([new TextContent(text)], timestampMs)
    {
    }

    /// <summary>Text, images and documents, in order.</summary>
    public ImmutableArray<IInputContent> Content { get => _content.Items; init => _content = value; }

    /// <inheritdoc/>
    public override string Role => "user";

    /// <inheritdoc/>
    public override string Text => JoinInput(Content);
}
