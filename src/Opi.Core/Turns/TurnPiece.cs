using System.Text.Json;

namespace Opi;

/// <summary>What a sender received: a whole reply, or a piece of one.</summary>
/// <param name="Value">It as JSON, or as a text that holds JSON or events.</param>
/// <param name="RetryAfter">How long the answer's headers ask to wait; null without them.</param>
/// <param name="Status">The status of HTTP; null when not known.</param>
internal readonly record struct TurnPiece(JsonElement Value, TimeSpan? RetryAfter = null, int? Status = null);
