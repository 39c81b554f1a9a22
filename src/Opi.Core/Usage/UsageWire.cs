using System.Text.Json;

namespace Opi;

internal static class UsageWire
{
    private static readonly WireFields Fields = WireFields.Of([Field.InputTokens, Field.OutputTokens]);

    private enum Field
    {
        InputTokens,
        OutputTokens,
        CacheReadTokens,
        CacheWriteTokens,
        CacheWrite1hTokens,
        ReasoningTokens,
        Reported,
        Billing,
    }

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
        var fields = new FieldReader(Fields);
        long input = 0, output = 0, cacheRead = 0, cacheWrite = 0;
        long? oneHour = null, reasoning = null;
        bool reported = false;
        BillingDetails? billing = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((Field)field)
            {
                case Field.InputTokens:
                    input = json.ReadCount();
                    break;
                case Field.OutputTokens:
                    output = json.ReadCount();
                    break;
                case Field.CacheReadTokens:
                    cacheRead = json.ReadCount();
                    break;
                case Field.CacheWriteTokens:
                    cacheWrite = json.ReadCount();
                    break;
                case Field.CacheWrite1hTokens:
                    oneHour = json.TryReadNull() ? null : json.ReadCount();
                    break;
                case Field.ReasoningTokens:
                    reasoning = json.TryReadNull() ? null : json.ReadCount();
                    break;
                case Field.Reported:
                    reported = json.ReadBoolean();
                    break;
                case Field.Billing:
                    billing = BillingWire.ReadOrUnknown(ref json, keepRaw);
                    break;
            }
        }

        fields.Require();
        return new Usage(input, output, cacheRead, cacheWrite)
        {
            CacheWrite1hTokens = oneHour,
            ReasoningTokens = reasoning,
            IsKnown = reported || input > 0 || output > 0 || cacheRead > 0 || cacheWrite > 0,
            Billing = billing,
        };
    }
}
