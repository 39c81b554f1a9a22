using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>
/// The text of <see cref="OpiUsage.Bill"/>. A row in a file has it besides the numbers, because programs write numbers to CSV in the culture's
/// format: the cost, the log's own cost, and the details of the bill without the provider's raw usage, which would be most of the file.
/// </summary>
internal static class BillText
{
    public static string? Write(OpiUsage usage)
    {
        BillingDetails? billing = usage.Billing is { IsPlain: false } details ? details with { Raw = null } : null;
        if (usage.Cost is null && usage.LoggedCost is null && billing is null)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer);
        writer.WriteStartObject();
        if (usage.Cost is { } cost)
        {
            writer.WriteNumber("cost"u8, cost);
        }

        if (usage.LoggedCost is { } logged)
        {
            writer.WriteNumber("logged_cost"u8, logged);
        }

        if (billing is not null)
        {
            writer.WritePropertyName("billing"u8);
            BillingWire.Write(writer, billing);
        }

        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static OpiUsage Read(OpiUsage usage, string text)
    {
        try
        {
            var json = new JsonCursor(Encoding.UTF8.GetBytes(text));
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                if (name.Is("cost"u8))
                {
                    usage = usage with { Cost = BillingWire.ReadMoney(ref json) };
                }
                else if (name.Is("logged_cost"u8))
                {
                    usage = usage with { LoggedCost = BillingWire.ReadMoney(ref json) };
                }
                else if (name.Is("billing"u8))
                {
                    usage = usage with { Billing = BillingWire.Read(ref json, keepRaw: true) };
                }
                else
                {
                    throw new FormatException($"it has '{name.ToString()}', which this version does not know");
                }
            }

            json.End();
            return usage;
        }
        catch (WireException fault)
        {
            throw new FormatException(fault.Message, fault);
        }
    }
}
