using System.Collections.Immutable;

namespace Opi;

/// <summary>
/// What the system says in the midst of a conversation. It begins no turn. Providers without such messages get it as the user's, in tags; to
/// opi it is the user's.
/// </summary>
public sealed record SystemMessage : Message
{
    private readonly ValueArray<IInputContent> _content;

    /// <summary>Makes a message of several blocks.</summary>
    public SystemMessage(IEnumerable<IInputContent> content, long timestampMs)
        : base(timestampMs) => Content = [.. content];

    /// <summary>Makes a message of one text.</summary>
    public SystemMessage(string text, long timestampMs)
        : this([new TextContent(text)], timestampMs)
    {
    }

    /// <summary>Text and blocks that only the provider reads, in order.</summary>
    public ImmutableArray<IInputContent> Content { get => _content.Items; init => _content = value; }

    /// <inheritdoc/>
    public override string Role => "system";

    /// <inheritdoc/>
    public override string Text => JoinInput(Content);
}
