using System.Text.Json;

namespace Opi;

/// <summary>
/// What Microsoft.Extensions.AI counts. Its input count holds the cache: what was read from it, and what was written to it, which is among the
/// additional counts if a client gives it.
/// </summary>
internal sealed class ExtensionsAIUsage : UsageShape
{
    private const string Input = "inputTokenCount";
    private const string Output = "outputTokenCount";
    private const string Total = "totalTokenCount";
    private const string Cached = "cachedInputTokenCount";
    private const string Reasoning = "reasoningTokenCount";
    private const string Additional = "additionalCounts.";

    private static readonly string[] Written = [Additional + "CacheCreationInputTokens", Additional + "CacheWriteInputTokens"];
    private static readonly string[] Read1 = [Additional + "CacheReadInputTokens", Additional + "CachedInputTokens"];

    /// <summary>The only instance, after the lists that it is made of.</summary>
    public static readonly ExtensionsAIUsage Instance = new();

    public override UsageTable Table { get; } = new(
        UsageTable.Of(MemberClass.Count, [Input, Output, .. Written]),
        UsageTable.Of(MemberClass.Part, [Total, Cached, Reasoning, .. Read1]));

    public override void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        long input = bill.Count(Input) ?? 0;
        bill.CacheRead = bill.Count(Cached) ?? Read1.Select(bill.Count).FirstOrDefault(count => count > 0) ?? 0;
        bill.CacheWrite = Written.Select(bill.Count).FirstOrDefault(count => count > 0) ?? 0;
        bill.CheckPart(Cached, bill.CacheRead + bill.CacheWrite, input);
        bill.Input = Math.Max(0, input - bill.CacheRead - bill.CacheWrite);
        bill.Output = bill.Count(Output) ?? 0;
        bill.Reasoning = bill.Count(Reasoning);
        bill.CheckPart(Reasoning, bill.Reasoning, bill.Output);
        bill.CheckEqual(Total, bill.Count(Total), input + bill.Output);
    }

    protected override void Write(Utf8JsonWriter writer, JsonElement reply) => ReplyExcerpt.Copy(writer, reply, UsageName!);
}
