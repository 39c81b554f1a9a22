using System.Text.Json;

namespace Opi;

/// <summary>
/// What Bedrock's Converse bills. Its input excludes the cache, as Opi's does. What came from the cache and went to it is there twice,
/// under two names.
/// </summary>
internal sealed class BedrockUsage : UsageShape
{
    private const string Guardrail = "trace.guardrail";

    /// <summary>The rates of <c>serviceTier.type</c>.</summary>
    public static readonly RateTable Tiers = new(
        new Rate(null, "default", ServiceTier.Standard),
        new Rate(null, "flex", ServiceTier.Flex),
        new Rate(null, "priority", ServiceTier.Priority),
        new Rate(null, "reserved", ServiceTier.Other, "is paid by time"));

    /// <summary>The rates of <c>performanceConfig.latency</c>.</summary>
    public static readonly RateTable Latencies = new(
        new Rate(null, "standard", ServiceTier.Standard),
        new Rate(null, "optimized", ServiceTier.Other, "has prices of its own"));

    /// <summary>The only instance, after the lists that it is made of.</summary>
    public static readonly BedrockUsage Instance = new();

    public override UsageTable Table { get; } = new(
        UsageTable.Of(MemberClass.Count, "inputTokens", "outputTokens"),
        UsageTable.Of(MemberClass.Count, "cacheReadInputTokens", "cacheReadInputTokenCount", "cacheWriteInputTokens", "cacheWriteInputTokenCount"),
        UsageTable.Of(MemberClass.Part, "totalTokens", "cacheDetails.inputTokens"),
        UsageTable.Of(MemberClass.Rate, "cacheDetails.ttl"),
        UsageTable.Of(MemberClass.Free, Guardrail + ".usage.wordPolicyUnits", Guardrail + ".usage.sensitiveInformationPolicyFreeUnits"),
        UsageTable.Of(
            MemberClass.Unpriced,
            [.. new[]
            {
                "topicPolicyUnits", "contentPolicyUnits", "contentPolicyImageUnits", "sensitiveInformationPolicyUnits",
                "contextualGroundingPolicyUnits", "automatedReasoningPolicyUnits", "automatedReasoningPolicies",
            }.Select(unit => $"{Guardrail}.usage.{unit}")]));

    public override void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        bill.Input = bill.Count("inputTokens") ?? 0;
        bill.Output = bill.Count("outputTokens") ?? 0;
        bill.CacheRead = Once(bill, "cacheReadInputTokens", "cacheReadInputTokenCount");
        bill.CacheWrite = Once(bill, "cacheWriteInputTokens", "cacheWriteInputTokenCount");
        ReadLifetimes(bill);
        bill.CheckEqual("totalTokens", bill.Count("totalTokens"), bill.Input + bill.Output + bill.CacheRead + bill.CacheWrite);
        Tiers.Apply(bill, "serviceTier.type", UsageBill.Find(excerpt, "serviceTier.type"));
        Latencies.Apply(bill, "performanceConfig.latency", UsageBill.Find(excerpt, "performanceConfig.latency"));
        ReadGuardrail(bill, excerpt);
        foreach (string tool in excerpt.Items("content").Select(call => call.Text("name") ?? "").Distinct())
        {
            bill.AddUnknown("toolUse", $"what '{tool}', which runs at the provider, costs is not published");
            bill.SetContext(0);
        }

        if (origin.IsBatch)
        {
            bill.AddTier(ServiceTier.Batch, "batch");
        }
    }

    protected override void Write(Utf8JsonWriter writer, JsonElement reply)
    {
        ReplyExcerpt.Copy(writer, reply, "usage");
        ReplyExcerpt.Copy(writer, reply, "serviceTier");
        ReplyExcerpt.Copy(writer, reply, "performanceConfig");
        if (reply.Is("stopReason", "guardrail_intervened"))
        {
            ReplyExcerpt.Copy(writer, reply, "stopReason");
        }

        if (reply.Object("trace")?.Object("guardrail") is { } guardrail)
        {
            writer.WriteStartObject("trace");
            ReplyExcerpt.CopyList(writer, "guardrail", MetricsIn(guardrail, ReplyExcerpt.MaxDepth).DefaultIfEmpty(guardrail), "usage");
            writer.WriteEndObject();
        }

        IEnumerable<JsonElement> calls = (reply.Object("output")?.Object("message")?.Items("content") ?? [])
            .Select(block => block.Object("toolUse")).OfType<JsonElement>();
        ReplyExcerpt.CopyList(writer, "content", calls.Where(call => call.Is("type", "server_tool_use")), "type", "name");
    }

    /// <summary>A count that two members have.</summary>
    private static long Once(UsageBill bill, string name, string other)
    {
        (long? first, long? second) = (bill.Count(name), bill.Count(other));
        if (first is not null && second is not null && first != second)
        {
            bill.AddUnknown(other, $"it differs from {name}");
        }

        return Math.Max(first ?? 0, second ?? 0);
    }

    private static void ReadLifetimes(UsageBill bill)
    {
        long sum = 0;
        foreach (JsonElement entry in bill.Source.Items("cacheDetails").Where(entry => entry.ValueKind == JsonValueKind.Object))
        {
            long count = UsageBill.CountIn(entry, "inputTokens") ?? 0;
            sum = TokenMath.Add(sum, count);
            if (entry.Is("ttl", "1h"))
            {
                bill.CacheWrite1h = TokenMath.Add(bill.CacheWrite1h ?? 0, count);
            }
            else if (!entry.Is("ttl", "5m") && count > 0)
            {
                bill.AddUnknown("cacheDetails.ttl", entry.Get("ttl") ?? entry);
            }
            else
            {
                bill.CacheWrite1h ??= 0;
            }
        }

        bill.CheckPart("cacheDetails.inputTokens", sum, bill.CacheWrite);
    }

    private static void ReadGuardrail(UsageBill bill, JsonElement excerpt)
    {
        JsonElement[] metrics = [.. excerpt.Object("trace")?.Items("guardrail") ?? []];
        if (metrics.Length == 0 ? excerpt.Get("stopReason") is not null : metrics.All(entry => entry.Object("usage") is null))
        {
            bill.AddUnknown(Guardrail, "its units are billed, and are not in the reply");
        }

        foreach (JsonElement entry in metrics)
        {
            bill.CheckMembers(Guardrail, entry);
        }
    }

    /// <summary>The metrics of each check of a guardrail, however deep its trace has them.</summary>
    private static IEnumerable<JsonElement> MetricsIn(JsonElement value, int depth)
    {
        if (depth == 0)
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().SelectMany(item => MetricsIn(item, depth - 1)),
            JsonValueKind.Object => value.EnumerateObject().SelectMany(member =>
                member is { Name: "invocationMetrics", Value.ValueKind: JsonValueKind.Object } ? [member.Value] : MetricsIn(member.Value, depth - 1)),
            _ => [],
        };
    }
}
