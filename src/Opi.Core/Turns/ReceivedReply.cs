using System.Text.Json;

namespace Opi;

/// <summary>The part of a reply that came so far, in pieces of any size.</summary>
/// <param name="shape">The provider's protocol.</param>
/// <param name="onText">Takes the text of a stream as it comes; null if it is not wanted.</param>
internal sealed class ReceivedReply(ProviderShape shape, Action<string>? onText)
{
    private readonly List<JsonElement> _pieces = [];
    private readonly List<JsonElement> _whole = [];

    public int? Status { get; private set; }

    /// <summary>How long the provider asks to wait; null when it does not.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Whether any text of it was given to who takes it.</summary>
    public bool HasSentText { get; private set; }

    /// <summary>The replies in it: one, unless a sender gives none or several.</summary>
    public IReadOnlyList<JsonElement> Replies => _pieces.Count == 0 ? _whole : [.. _whole, ProviderReply.Join(_pieces)];

    public void Add(TurnPiece piece)
    {
        Status = piece.Status ?? Status;
        RetryAfter = piece.RetryAfter ?? RetryAfter;
        bool isBlank = piece.Value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(JsonHalves.TextOf(piece.Value));
        if (isBlank && _pieces.Count == 0)
        {
            return; // an empty line around a reply is not part of it
        }

        if (!ProviderReply.IsPiece(piece.Value, _pieces.Count > 0 ? _pieces[^1] : null))
        {
            _whole.Add(piece.Value);
            return;
        }

        _pieces.Add(piece.Value);
        if (onText is not null && ProviderReply.StreamedText(shape, piece.Value) is { Length: > 0 } text)
        {
            HasSentText = true;
            onText(text);
        }
    }
}
