using System.Text.Json;

namespace Opi;

/// <summary>A line of a batch's results: a reply with an envelope around it.</summary>
internal static class BatchLine
{
    /// <summary>The reply of a line; null when the value is not a line of a batch, or its request failed.</summary>
    public static JsonElement? BodyOf(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? response = line.Object("response");
        JsonElement? result = line.Object("result");
        return line.Get("custom_id") is not null ? response?.Object("body") ?? result?.Object("message") ?? result?.Object("error")
            : response is { } reply && line.Get("type") is null && ProviderShape.Of(Provider.Gemini).Is(reply) ? reply
            : null;
    }
}
