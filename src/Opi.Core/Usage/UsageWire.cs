using System.Text.Json;

namespace Opi;

/// <summary>The wire form of <see cref="Usage"/>.</summary>
internal static class UsageWire
{
    /// <summary>
    /// The four counts always. The later fields only where they say something: that way a plain response is what every opi writes, and
    /// the ones with more are read by all (the oldest ignore what they do not know).
    /// </summary>
    public static void Write(Utf8JsonWriter writer, Usage usage)
    {
        writer.WriteStartObject();
        writer.WriteNumber("input_tokens"u8, usage.InputTokens);
        writer.WriteNumber("output_tokens"u8, usage.OutputTokens);
        writer.WriteNumber("cache_read_tokens"u8, usage.CacheReadTokens);
        writer.WriteNumber("cache_write_tokens"u8, usage.CacheWriteTokens);
        if (usage.CacheWrite1hTokens is { } oneHour)
        {
            writer.WriteNumber("cache_write_1h_tokens"u8, oneHour);
        }

        if (usage.ReasoningTokens is { } reasoning)
        {
            writer.WriteNumber("reasoning_tokens"u8, reasoning);
        }

        if (usage.IsKnown && usage.TotalTokens == 0)
        {
            writer.WriteBoolean("reported"u8, true);
        }

        if (usage.Billing is { } billing)
        {
            writer.WritePropertyName("billing"u8);
            BillingWire.Write(writer, billing);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads a usage.</summary>
    /// <param name="json">At the object.</param>
    /// <param name="keepRaw">Whether the provider's own usage object is wanted too.</param>
    public static Usage Read(ref JsonCursor json, bool keepRaw = true)
    {
        var seen = new SeenFields();
        long input = 0, output = 0, cacheRead = 0, cacheWrite = 0;
        long? oneHour = null, reasoning = null;
        bool reported = false;
        BillingDetails? billing = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "input_tokens"u8))
            {
                input = json.ReadCount();
            }
            else if (seen.Match(name, 1, "output_tokens"u8))
            {
                output = json.ReadCount();
            }
            else if (seen.Match(name, 2, "cache_read_tokens"u8))
            {
                cacheRead = json.ReadCount();
            }
            else if (seen.Match(name, 3, "cache_write_tokens"u8))
            {
                cacheWrite = json.ReadCount();
            }
            else if (seen.Match(name, 4, "cache_write_1h_tokens"u8))
            {
                oneHour = json.TryReadNull() ? null : json.ReadCount();
            }
            else if (seen.Match(name, 5, "reasoning_tokens"u8))
            {
                reasoning = json.TryReadNull() ? null : json.ReadCount();
            }
            else if (seen.Match(name, 6, "reported"u8))
            {
                reported = json.ReadBoolean();
            }
            else if (seen.Match(name, 7, "billing"u8))
            {
                billing = BillingWire.ReadOrUnknown(ref json, keepRaw);
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(0, "input_tokens"u8);
        seen.Require(1, "output_tokens"u8);
        return new Usage(input, output, cacheRead, cacheWrite)
        {
            CacheWrite1hTokens = oneHour,
            ReasoningTokens = reasoning,
            IsKnown = reported || input > 0 || output > 0 || cacheRead > 0 || cacheWrite > 0,
            Billing = billing,
        };
    }
}
