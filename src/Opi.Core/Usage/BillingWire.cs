using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>
/// The wire form of <see cref="BillingDetails"/>: members besides the four counts, each only if it has a value. opi ignores them. In
/// sessions and in the ledger the form is the same.
/// </summary>
internal static class BillingWire
{
    public static void Write(Utf8JsonWriter writer, BillingDetails billing)
    {
        writer.WriteStartObject();
        if (billing.Tier != ServiceTier.Standard)
        {
            writer.WriteString("tier"u8, billing.Tier.ToString());
        }

        if (billing.WebSearches != 0)
        {
            writer.WriteNumber("web_searches"u8, billing.WebSearches);
        }

        if (billing.UsInference)
        {
            writer.WriteBoolean("us_inference"u8, true);
        }

        WriteList(writer, "fees"u8, billing.Fees, fee =>
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, fee.Kind);
            writer.WriteNumber("count"u8, fee.Count);
            writer.WriteEndObject();
        });
        WriteList(writer, "passes"u8, billing.Passes, pass => WritePass(writer, pass));
        WriteList(writer, "media"u8, billing.Media, media =>
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, media.Kind);
            writer.WriteNumber("input_tokens"u8, media.InputTokens);
            writer.WriteNumber("output_tokens"u8, media.OutputTokens);
            writer.WriteNumber("cache_read_tokens"u8, media.CacheReadTokens);
            writer.WriteEndObject();
        });
        if (billing.StatedCost is { } cost)
        {
            writer.WriteNumber("stated_cost"u8, cost);
            writer.WriteString("stated_by"u8, billing.StatedBy);
        }

        WriteList(writer, "unknown"u8, billing.Unknown, writer.WriteStringValue);
        if (billing.ContextTokens is { } context)
        {
            writer.WriteNumber("context_tokens"u8, context);
        }

        if (billing.Raw is { } raw)
        {
            writer.WritePropertyName("raw"u8);
            WriteRaw(writer, raw);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads the details. A tier of a later version becomes <see cref="ServiceTier.Other"/>, named among the unknown.</summary>
    /// <param name="json">At the object.</param>
    /// <param name="keepRaw">Whether <see cref="BillingDetails.Raw"/> is wanted; an index does without.</param>
    /// <returns>Null when nothing but the raw usage is there and that is not wanted.</returns>
    public static BillingDetails? Read(ref JsonCursor json, bool keepRaw)
    {
        var billing = new BillingDetails();
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("tier"u8))
            {
                string tier = json.ReadString().ToString();
                billing = Enum.TryParse(tier, out ServiceTier known) && Enum.IsDefined(known)
                    ? billing with { Tier = known }
                    : billing with { Tier = ServiceTier.Other, Unknown = billing.Unknown.Add($"tier={tier}") };
            }
            else if (name.Is("web_searches"u8))
            {
                billing = billing with { WebSearches = (int)Math.Min(json.ReadCount(), int.MaxValue) };
            }
            else if (name.Is("us_inference"u8))
            {
                billing = billing with { UsInference = json.ReadBoolean() };
            }
            else if (name.Is("fees"u8))
            {
                billing = billing with { Fees = ReadList(ref json, ReadFee) };
            }
            else if (name.Is("passes"u8))
            {
                billing = billing with { Passes = ReadList(ref json, ReadPass) };
            }
            else if (name.Is("media"u8))
            {
                billing = billing with { Media = ReadList(ref json, ReadMedia) };
            }
            else if (name.Is("stated_cost"u8))
            {
                billing = billing with { StatedCost = json.TryReadNull() ? null : ReadMoney(ref json) };
            }
            else if (name.Is("stated_by"u8))
            {
                billing = billing with { StatedBy = ReadText(ref json) };
            }
            else if (name.Is("unknown"u8))
            {
                ImmutableArray<string> reasons = ReadList(ref json, (ref JsonCursor item) => item.ReadString().ToString());
                billing = billing with { Unknown = billing.Unknown.AddRange(reasons) };
            }
            else if (name.Is("context_tokens"u8))
            {
                billing = billing with { ContextTokens = json.ReadCount() };
            }
            else if (name.Is("raw"u8))
            {
                ReadOnlySpan<byte> raw = json.Skip();
                billing = keepRaw ? billing with { Raw = System.Text.Encoding.UTF8.GetString(raw) } : billing;
            }
            else if (SaysSomething(json.Skip()))
            {
                billing = billing with { Unknown = billing.Unknown.Add($"billing.{name.ToString()}: of a later version") };
            }
        }

        return billing == BillingDetails.Plain ? null : billing;
    }

    /// <summary>Reads the details. A form that this Opi does not know makes the cost incomplete; the response is kept whole.</summary>
    public static BillingDetails? ReadOrUnknown(ref JsonCursor json, bool keepRaw)
    {
        JsonCursor before = json;
        try
        {
            return Read(ref json, keepRaw);
        }
        catch (WireException)
        {
            json = before;
            json.Skip();
            return new BillingDetails { Unknown = ["billing: of another form"] };
        }
    }

    /// <summary>An amount of money. One that a decimal cannot hold is damage.</summary>
    public static decimal ReadMoney(ref JsonCursor json)
    {
        ReadOnlySpan<byte> number = json.Skip();
        return decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : throw new WireException("a cost is not an amount");
    }

    private static bool SaysSomething(ReadOnlySpan<byte> value) =>
        !(value.SequenceEqual("null"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("0"u8) || value.SequenceEqual("\"\""u8)
            || value.SequenceEqual("[]"u8) || value.SequenceEqual("{}"u8));

    /// <summary>The text on one line; text that is not JSON is kept as text.</summary>
    private static void WriteRaw(Utf8JsonWriter writer, string raw)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(raw);
            json.RootElement.WriteTo(writer);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the second for half of a surrogate pair
        {
            writer.WriteStringValue(raw);
        }
    }

    private delegate T ReadItem<T>(ref JsonCursor json);

    private static ImmutableArray<T> ReadList<T>(ref JsonCursor json, ReadItem<T> read)
    {
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        json.BeginArray();
        while (json.NextElement())
        {
            items.Add(read(ref json));
        }

        return items.ToImmutable();
    }

    private static void WriteList<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ImmutableArray<T> items, Action<T> write)
    {
        if (items.Length == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (T item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }

    private static void WritePass(Utf8JsonWriter writer, UsagePass pass)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, pass.Kind);
        if (pass.Model is { } model)
        {
            writer.WriteString("model"u8, model);
        }

        writer.WriteNumber("input_tokens"u8, pass.InputTokens);
        writer.WriteNumber("output_tokens"u8, pass.OutputTokens);
        writer.WriteNumber("cache_read_tokens"u8, pass.CacheReadTokens);
        writer.WriteNumber("cache_write_tokens"u8, pass.CacheWriteTokens);
        if (pass.CacheWrite1hTokens != 0)
        {
            writer.WriteNumber("cache_write_1h_tokens"u8, pass.CacheWrite1hTokens);
        }

        writer.WriteEndObject();
    }

    private static BilledFee ReadFee(ref JsonCursor json)
    {
        string kind = "";
        long count = 0;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("kind"u8))
            {
                kind = json.ReadString().ToString();
            }
            else if (name.Is("count"u8))
            {
                count = json.ReadCount();
            }
            else
            {
                json.Skip();
            }
        }

        return new BilledFee(kind, count);
    }

    private static MediaTokens ReadMedia(ref JsonCursor json)
    {
        var media = new MediaTokens("", 0, 0);
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("kind"u8))
            {
                media = media with { Kind = json.ReadString().ToString() };
            }
            else if (name.Is("input_tokens"u8))
            {
                media = media with { InputTokens = json.ReadCount() };
            }
            else if (name.Is("output_tokens"u8))
            {
                media = media with { OutputTokens = json.ReadCount() };
            }
            else if (name.Is("cache_read_tokens"u8))
            {
                media = media with { CacheReadTokens = json.ReadCount() };
            }
            else
            {
                json.Skip();
            }
        }

        return media;
    }

    private static UsagePass ReadPass(ref JsonCursor json)
    {
        var pass = new UsagePass("", null, 0, 0);
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("kind"u8))
            {
                pass = pass with { Kind = json.ReadString().ToString() };
            }
            else if (name.Is("model"u8))
            {
                pass = pass with { Model = ReadText(ref json) };
            }
            else if (name.Is("input_tokens"u8))
            {
                pass = pass with { InputTokens = json.ReadCount() };
            }
            else if (name.Is("output_tokens"u8))
            {
                pass = pass with { OutputTokens = json.ReadCount() };
            }
            else if (name.Is("cache_read_tokens"u8))
            {
                pass = pass with { CacheReadTokens = json.ReadCount() };
            }
            else if (name.Is("cache_write_tokens"u8))
            {
                pass = pass with { CacheWriteTokens = json.ReadCount() };
            }
            else if (name.Is("cache_write_1h_tokens"u8))
            {
                pass = pass with { CacheWrite1hTokens = json.ReadCount() };
            }
            else
            {
                json.Skip();
            }
        }

        return pass;
    }

    private static string? ReadText(ref JsonCursor json) => json.TryReadString(out JsonString text) ? text.ToString() : null;
}
