using System.Text.Json;

namespace Opi;

/// <summary>The part of a reply that is billed. It can be read again when more is known of who gave it.</summary>
/// <param name="Shape">How it is read.</param>
/// <param name="Excerpt">The billed members of the reply, as they came.</param>
internal sealed record BilledReply(UsageShape Shape, JsonElement Excerpt)
{
    private const string Batch = "batch";

    /// <summary>The shapes whose bill depends on who answers: many servers speak OpenAI's protocols.</summary>
    private static readonly UsageShape[] Shared = [ResponsesUsage.Instance, ChatUsage.Instance];

    /// <summary>The same as a line of a batch's results, which its own members do not show.</summary>
    public BilledReply AsBatch() => this with
    {
        Excerpt = ReplyExcerpt.Of(writer =>
        {
            foreach (JsonProperty member in Excerpt.EnumerateObject())
            {
                member.WriteTo(writer);
            }

            writer.WriteBoolean(Batch, true);
        }),
    };

    public Usage Read(ReplyOrigin origin)
    {
        origin = origin with { IsBatch = Excerpt.Get(Batch) is not null };
        JsonElement? usage = Shape.UsageName is { } name ? Excerpt.Get(name) : Excerpt;
        if (usage is not { } given || (given.ValueKind == JsonValueKind.Object && !Shape.IsReported(given)))
        {
            return Usage.Unknown;
        }

        string? raw = ReplyExcerpt.Text(Excerpt);
        if (given.ValueKind != JsonValueKind.Object)
        {
            var none = new UsageBill(Shape.Table, given, raw);
            none.AddUnknown(Shape.UsageName!, "it is not an object");
            return none.ToUsage() with { IsKnown = false };
        }

        var bill = new UsageBill(Shape.Table, Shape.WithTableNames(given), raw);
        bill.CheckMembers();
        Shape.Read(bill, Excerpt, origin);
        return bill.ToUsage();
    }

    /// <summary>The billed part of a reply in one of OpenAI's shapes, from what a message kept of it; null when it kept nothing.</summary>
    public static BilledReply? FromRaw(string? raw)
    {
        if (raw is null || ReplyJson.TryParse(raw) is not { ValueKind: JsonValueKind.Object } excerpt)
        {
            return null;
        }

        return new BilledReply(excerpt.Is("object", ResponsesUsage.ObjectName) ? Shared[0] : Shared[1], excerpt);
    }
}
