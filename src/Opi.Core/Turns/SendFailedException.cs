using System.Text.Json;

namespace Opi;

/// <summary>A sender did not get a reply.</summary>
internal sealed class SendFailedException(string reason, Exception? inner = null) : OpiException(reason, "request", inner)
{
    public override string ErrorId => "RequestFailed";

    /// <summary>The status of HTTP; null where no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>How long the answer's headers ask to wait; null without them.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public JsonElement? Body { get; init; }

    /// <summary>Whether the connection failed or broke, or no answer came in time: the same request may well succeed.</summary>
    public bool IsConnection { get; init; }
}
