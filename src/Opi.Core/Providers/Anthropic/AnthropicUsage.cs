using System.Text.Json;

namespace Opi;

/// <summary>
/// What Anthropic bills. Its input leaves out the cache, as Opi's does. The counts on top leave out the passes of a compaction and of an
/// advisor, which are billed too: where there are iterations of several kinds, they are added instead.
/// </summary>
internal sealed class AnthropicUsage : UsageShape
{
    private const string Message = AnthropicIterations.Message;
    private const string Fallback = AnthropicIterations.Fallback;
    private const string Searches = "server_tool_use.web_search_requests";
    private const string Credit = "fallback_credit.status.type";
    private const string Thinking = "output_tokens_details.thinking_tokens";

    private static readonly string[] Counts =
    [
        "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
        "cache_creation.ephemeral_5m_input_tokens", "cache_creation.ephemeral_1h_input_tokens",
    ];

    /// <summary>The tools that run in a container, whose time is billed.</summary>
    private static readonly string[] ContainerTools = ["code_execution", "bash_code_execution", "text_editor_code_execution"];

    /// <summary>The tools that cost nothing but tokens, and those whose calls or passes the usage counts.</summary>
    private static readonly string[] OtherTools = ["web_search", "web_fetch", "tool_search_tool_regex", "tool_search_tool_bm25", "advisor"];

    /// <summary>The rates of <c>service_tier</c>.</summary>
    public static readonly RateTable Tiers = new(
        new Rate(null, "standard", ServiceTier.Standard),
        new Rate(null, "batch", ServiceTier.Batch),
        new Rate(null, "priority", ServiceTier.Priority, "is committed capacity, which has no list price"));

    /// <summary>The rates of <c>speed</c>.</summary>
    public static readonly RateTable Speeds = new(
        new Rate(null, "standard", ServiceTier.Standard),
        new Rate(null, "fast", ServiceTier.Fast));

    /// <summary>The only instance, after the lists that it is made of.</summary>
    public static readonly AnthropicUsage Instance = new();

    public override UsageTable Table { get; } = new(
        UsageTable.Of(MemberClass.Count, Counts),
        UsageTable.Of(MemberClass.Count, [.. Counts.Select(count => "iterations." + count)]),
        UsageTable.Of(MemberClass.Part, Thinking, "iterations." + Thinking),
        UsageTable.Of(MemberClass.Calls, Searches),
        UsageTable.Of(MemberClass.Rate, "service_tier", "speed", "inference_geo", Credit, "iterations.type", "iterations.model"),
        UsageTable.Of(MemberClass.Free, "server_tool_use.web_fetch_requests"));

    public override void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        UsagePass top = PassOf(bill, bill.Source, Message, "");
        bill.Reasoning = bill.Count(Thinking);
        bill.CheckPart(Thinking, bill.Reasoning, top.OutputTokens);
        JsonElement[] iterations = [.. bill.Source.Items("iterations").Where(entry => entry.ValueKind == JsonValueKind.Object)];
        string model = excerpt.Text("model") ?? origin.Model;
        if (iterations.Length == 0)
        {
            Add(bill, top);
        }
        else
        {
            ReadIterations(bill, iterations, top, model);
        }

        ReadRates(bill, origin);
        ReadTools(bill, excerpt);
        SetContext(bill, excerpt, iterations);
    }

    protected override void Write(Utf8JsonWriter writer, JsonElement reply)
    {
        ReplyExcerpt.Copy(writer, reply, "usage");
        if (reply.Get("usage", "iterations") is not null)
        {
            ReplyExcerpt.Copy(writer, reply, "model"); // an entry names its own where it is another
        }

        ReplyExcerpt.Copy(writer, reply, "container");
        ReplyExcerpt.CopyList(writer, "content", reply.Items("content").Where(IsOfServer), "type", "name");
    }

    /// <summary>Adds the entries by the rule that logs have too.</summary>
    private static void ReadIterations(UsageBill bill, JsonElement[] iterations, UsagePass top, string model)
    {
        long? oneHour = bill.Count(Counts[5]) is null ? null : top.CacheWrite1hTokens;
        AnthropicBill resolved = AnthropicIterations.Resolve(
            top.ToUsage() with { CacheWrite1hTokens = oneHour },
            iterations.Select(entry => PassOf(bill, entry, entry.Text("type") ?? "", "iterations.") with
            {
                Model = entry.Text("model") is { Length: > 0 } named ? named : null,
            }),
            model,
            bill.Has(Credit));
        bill.Input = resolved.Counts.InputTokens;
        bill.Output = resolved.Counts.OutputTokens;
        bill.CacheRead = resolved.Counts.CacheReadTokens;
        bill.CacheWrite = resolved.Counts.CacheWriteTokens;
        bill.CacheWrite1h = resolved.Counts.CacheWrite1hTokens;
        foreach (UsagePass pass in resolved.Passes)
        {
            bill.AddPass(pass);
        }

        foreach (string reason in resolved.Unknown)
        {
            int colon = reason.IndexOf(':', StringComparison.Ordinal);
            bill.AddUnknown(reason[..colon], reason[(colon + 2)..]);
        }
    }

    private static void ReadRates(UsageBill bill, ReplyOrigin origin)
    {
        Tiers.Apply(bill, "service_tier", bill.Source.Get("service_tier"));
        Speeds.Apply(bill, "speed", bill.Source.Get("speed"));
        if (bill.Has("inference_geo"))
        {
            bill.UsInference = bill.Source.Is("inference_geo", "us");
            if (!bill.UsInference && !bill.Source.Is("inference_geo", "global") && !bill.Source.Is("inference_geo", "not_available"))
            {
                bill.AddUnknown("inference_geo", bill.Source.Get("inference_geo")!.Value);
            }
        }

        if (UsageBill.Find(bill.Source, Credit) is { } credit && bill.Has(Credit)
            && !(credit.ValueKind == JsonValueKind.String && credit.ValueEquals("not_applied")))
        {
            bill.AddUnknown(Credit, credit);
        }

        if (origin.IsBatch)
        {
            bill.AddTier(ServiceTier.Batch, "batch");
        }
    }

    private static void ReadTools(UsageBill bill, JsonElement excerpt)
    {
        JsonElement[] blocks = [.. excerpt.Items("content")];
        string[] tools = [.. blocks.Where(block => block.Is("type", "server_tool_use")).Select(block => block.Text("name") ?? "")];
        bill.WebSearches = bill.Count(Searches) ?? 0;
        if (tools.Contains("web_search") && bill.Count(Searches) is null)
        {
            bill.AddUnknown(Searches, "a web search ran, and how many are billed is not in the reply");
        }

        if (excerpt.Get("container") is not null || tools.Any(ContainerTools.Contains)
            || blocks.Any(block => block.Text("type")?.EndsWith("code_execution_tool_result", StringComparison.Ordinal) == true))
        {
            bill.AddUnknown("container", "its time is billed, and is not in the reply");
        }

        foreach (string tool in tools.Where(tool => !ContainerTools.Contains(tool) && !OtherTools.Contains(tool)).Distinct())
        {
            bill.AddUnknown("server_tool_use", $"what '{tool}' costs is not known");
        }
    }

    /// <summary>
    /// The context is what the last pass of the conversation had. After tools that ran at the provider the counts at the top are a sum over the
    /// loop, which gives no size.
    /// </summary>
    private static void SetContext(UsageBill bill, JsonElement excerpt, JsonElement[] iterations)
    {
        long? context = null;
        if (iterations.Length > 0)
        {
            JsonElement last = iterations.LastOrDefault(entry => entry.Is("type", Message) || entry.Is("type", Fallback));
            context = last.ValueKind == JsonValueKind.Object ? PassOf(bill, last, Message, "iterations.").ToUsage().TotalTokens : 0;
        }
        else if (bill.Has("server_tool_use")
            || excerpt.Items("content").Any(block => block.Is("type", "server_tool_use") || block.Is("type", "mcp_tool_use")))
        {
            context = 0;
        }

        bill.SetContext(context);
    }

    private static bool IsOfServer(JsonElement block) => block.ValueKind == JsonValueKind.Object
        && block.Text("type") is { } type
        && (type is "server_tool_use" or "mcp_tool_use" || type.EndsWith("_tool_result", StringComparison.Ordinal));

    /// <summary>The four counts of the usage or of an entry. What is written to the cache and not split lives for five minutes.</summary>
    private static UsagePass PassOf(UsageBill bill, JsonElement counts, string kind, string place)
    {
        long? fiveMinutes = UsageBill.CountIn(counts, Counts[4]);
        long? oneHour = UsageBill.CountIn(counts, Counts[5]);
        long split = TokenMath.Add(fiveMinutes, oneHour) ?? 0;
        long written = UsageBill.CountIn(counts, Counts[3]) ?? split;
        bill.CheckPart($"{place}cache_creation", split, written);
        return new UsagePass(
            kind,
            null,
            UsageBill.CountIn(counts, Counts[0]) ?? 0,
            UsageBill.CountIn(counts, Counts[1]) ?? 0,
            UsageBill.CountIn(counts, Counts[2]) ?? 0,
            written,
            Math.Min(oneHour ?? 0, written));
    }

    private static void Add(UsageBill bill, UsagePass pass)
    {
        bill.Input = TokenMath.Add(bill.Input, pass.InputTokens);
        bill.Output = TokenMath.Add(bill.Output, pass.OutputTokens);
        bill.CacheRead = TokenMath.Add(bill.CacheRead, pass.CacheReadTokens);
        bill.CacheWrite = TokenMath.Add(bill.CacheWrite, pass.CacheWriteTokens);
        if (pass.CacheWrite1hTokens > 0 || bill.Count(Counts[5]) is not null)
        {
            bill.CacheWrite1h = TokenMath.Add(bill.CacheWrite1h ?? 0, pass.CacheWrite1hTokens);
        }
    }
}
