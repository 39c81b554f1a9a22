using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>A reply as a script gave it.</summary>
/// <param name="Value">It as JSON, or as a text that holds JSON or events.</param>
/// <param name="RetryAfter">How long the headers of the response ask to wait; null without them.</param>
internal readonly record struct GivenReply(JsonElement Value, TimeSpan? RetryAfter = null)
{
    /// <summary>Reads the answers in it.</summary>
    /// <inheritdoc cref="ProviderReply.Parse"/>
    public IReadOnlyList<Message> Parse(Provider? provider = null, string? model = null, long? timestampMs = null)
    {
        try
        {
            return ProviderReply.Parse(Value, provider, model, timestampMs);
        }
        catch (ProviderErrorException error)
        {
            error.RetryAfter = RetryAfter ?? error.RetryAfter;
            throw;
        }
    }
}
