using System.Text.Json;

namespace Opi;

/// <summary>What a provider bills: which members of its replies, and how they are counted.</summary>
internal abstract class UsageShape
{
    public abstract UsageTable Table { get; }

    /// <summary>The name of the member that has the usage; null when the counts are in the reply itself.</summary>
    public virtual string? UsageName => "usage";

    /// <summary>Takes what is billed out of a reply.</summary>
    public BilledReply Take(JsonElement reply) => new(this, ReplyExcerpt.Of(writer => Write(writer, reply)));

    /// <summary>Reads a usage.</summary>
    /// <param name="bill">Collects it.</param>
    /// <param name="excerpt">What <see cref="Take"/> took.</param>
    /// <param name="origin">Who gave the reply.</param>
    public abstract void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin);

    /// <summary>The usage with the names that the table has, where servers spell them in several ways.</summary>
    public virtual JsonElement WithTableNames(JsonElement usage) => usage;

    public virtual bool IsReported(JsonElement usage) => usage.EnumerateObject().Any();

    /// <summary>Writes the members of a reply that are billed, each under its own name.</summary>
    protected abstract void Write(Utf8JsonWriter writer, JsonElement reply);
}
