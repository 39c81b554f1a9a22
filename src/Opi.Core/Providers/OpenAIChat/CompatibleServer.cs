using System.Text.Json;

namespace Opi;

/// <summary>
/// What the servers that speak OpenAI's protocols add to it, as far as it is billed: who a server is, their members, rates and costs.
/// </summary>
internal static class CompatibleServer
{
    public const string OpenRouter = "openrouter";
    public const string Vercel = "vercel";
    public const string Perplexity = "perplexity";
    public const string XAi = "xai";
    public const string Groq = "groq";
    public const string Google = "google";

    private const string Ticks = "cost_in_usd_ticks";
    private const string XAiTools = "server_side_tool_usage_details";
    private const string XAiToolCount = "num_server_side_tools_used";
    private const string RequestSize = "search_context_size";
    private const string Upstream = "cost_details.upstream_inference_cost";
    private const decimal TicksPerDollar = 10_000_000_000m;

    /// <summary>What they add to the usage.</summary>
    public static readonly IReadOnlyList<UsageMember> Members =
    [
        .. UsageTable.Of(MemberClass.Cost, "cost", "cost.total_cost", "is_byok", Upstream, Ticks),
        .. UsageTable.Of(MemberClass.Free, "cost.*", "cost_details.*", "pydantic_ai_gateway.*", "context_details.*", "market_cost"),
        .. UsageTable.Of(MemberClass.Free, "*_time_sec", "*_tok_per_sec"),
        .. UsageTable.Of(MemberClass.Free, "audio_prompt_tokens", "latency_checkpoint.*", "draft_tokens", "draft_tokens_acceptance", "timings.*"),
        .. UsageTable.Of(MemberClass.Rate, "service_tier", RequestSize),
        .. UsageTable.Of(
            MemberClass.Calls,
            XAiToolCount,
            XAiTools + ".web_search_calls",
            XAiTools + ".x_search_calls",
            XAiTools + ".code_interpreter_calls",
            XAiTools + ".file_search_calls",
            XAiTools + ".document_search_calls"),
        .. UsageTable.Of(MemberClass.Free, XAiTools + ".mcp_calls"),
        .. UsageTable.Of(MemberClass.Unpriced, XAiTools + ".image_generation_calls", "num_sources_used", "server_tool_use_details.*"),
        .. UsageTable.Of(MemberClass.Unpriced, "citation_tokens", "num_search_queries", "reasoning_tokens", "image_tokens"),
        .. UsageTable.Of(MemberClass.Unpriced, "request_count", "connector_tokens", "connectors.*"),
        .. UsageTable.Of(MemberClass.Unpriced, "cache_read_input_tokens", "cache_creation_input_tokens"),
    ];

    /// <summary>The rates of <c>service_tier</c>.</summary>
    public static readonly RateTable Tiers = new(
        new Rate(Groq, "flex", ServiceTier.Standard),
        new Rate(Groq, "auto", ServiceTier.Standard),
        new Rate(Groq, "performance", ServiceTier.Other, "is priced by contract"),
        new Rate("mistral", "priority", ServiceTier.Other, "is priced by contract"),
        new Rate("cerebras", "auto", ServiceTier.Other, "does not say which rate served"),
        new Rate("cerebras", "flex", ServiceTier.Other, "has no list price"),
        new Rate("cerebras", "priority", ServiceTier.Other, "has no list price"),
        new Rate(OpenRouter, "auto", ServiceTier.Standard),
        new Rate("bedrock", "auto", ServiceTier.Standard),
        new Rate(null, "default", ServiceTier.Standard),
        new Rate(null, "standard", ServiceTier.Standard),
        new Rate(null, "on_demand", ServiceTier.Standard),
        new Rate(null, "flex", ServiceTier.Flex),
        new Rate(null, "priority", ServiceTier.Priority),
        new Rate(null, "batch", ServiceTier.Batch),
        new Rate(null, "auto", ServiceTier.Other, "does not say which rate served"),
        new Rate(null, "scale", ServiceTier.Other, "is paid in advance"),
        new Rate(null, "provisioned", ServiceTier.Other, "is paid by time"),
        new Rate(null, "ultrafast", ServiceTier.Other, "has no list price"));

    /// <summary>Providers under the names that callers give them. One that is named here is taken at its word.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["openai"] = "openai",
        ["azure"] = "azure",
        ["azure-openai"] = "azure",
        ["anthropic"] = "anthropic",
        ["ollama"] = "ollama",
        ["groq"] = Groq,
        ["xai"] = XAi,
        ["x-ai"] = XAi,
        ["mistral"] = "mistral",
        ["deepseek"] = "deepseek",
        ["cerebras"] = "cerebras",
        ["perplexity"] = Perplexity,
        ["openrouter"] = OpenRouter,
        ["vercel"] = Vercel,
        ["vercel-ai-gateway"] = Vercel,
        ["vercel_ai_gateway"] = Vercel,
        ["google"] = Google,
        ["gemini"] = Google,
        ["vertex"] = Google,
        ["google-vertex"] = Google,
        ["bedrock"] = "bedrock",
        ["bedrock-mantle"] = "bedrock",
        ["amazon-bedrock"] = "bedrock",
    };

    /// <summary>The server that answered: by its name, else by its members; empty when not known.</summary>
    public static string NameOf(ReplyOrigin origin, JsonElement excerpt, JsonElement usage)
    {
        if (origin.Provider is { Length: > 0 } named && Names.TryGetValue(named, out string? known))
        {
            return known;
        }

        string model = origin.Model;
        bool isOpenRouter = usage.Get("is_byok") is not null || usage.Get("cost_details") is not null
            || excerpt.Get("provider") is { ValueKind: JsonValueKind.String };
        bool isPerplexity = usage.Object("cost") is not null || usage.Get(RequestSize) is not null
            || model.StartsWith("sonar", StringComparison.Ordinal);
        return isOpenRouter ? OpenRouter
            : isPerplexity ? Perplexity
            : usage.Get("queue_time") is not null || excerpt.Get("usage_breakdown") is not null ? Groq
            : usage.Get(Ticks) is not null || usage.Get(XAiToolCount) is not null ? XAi
            : model.StartsWith("gemini", StringComparison.Ordinal) || model.StartsWith("models/gemini", StringComparison.Ordinal) ? Google
            : origin.Provider ?? "";
    }

    /// <summary>Splits the input into what came from the cache, what went to it, and the rest.</summary>
    public static void SplitInput(UsageBill bill, string server, long input, (string Member, long Tokens) read, (string Member, long Tokens) written)
    {
        long larger = Math.Max(read.Tokens, written.Tokens);
        if (read.Tokens + written.Tokens <= input)
        {
            (bill.Input, bill.CacheRead, bill.CacheWrite) = (input - read.Tokens - written.Tokens, read.Tokens, written.Tokens);
        }
        else if (server == OpenRouter && larger <= input)
        {
            (bill.Input, bill.CacheRead, bill.CacheWrite) = (input - larger, read.Tokens, larger - read.Tokens);
            bill.AddUnknown(written.Member, "some of them are also counted as read from the cache");
        }
        else
        {
            bill.Input = input;
            bill.AddUnknown(read.Member, "more came from the cache or went to it than the input has");
            bill.SetContext(0);
        }
    }

    /// <summary>Reads what servers bill besides the tokens, and the cost that they state.</summary>
    public static void Read(UsageBill bill, JsonElement excerpt, string server)
    {
        Tiers.Apply(bill, "service_tier", excerpt.Get("service_tier"), server);
        Tiers.Apply(bill, "service_tier", bill.Source.Get("service_tier"), server);
        ReadXAi(bill);
        if (bill.Source.Get("cost") is { ValueKind: JsonValueKind.Object })
        {
            ReadCostObject(bill, server);
        }
        else if (server == Perplexity)
        {
            ReadRequestFee(bill);
        }
        else
        {
            ReadCost(bill, server);
        }
    }

    /// <summary>Whether xAI's usage says which of its tools ran, so that the output need not be counted.</summary>
    public static bool CountsTools(JsonElement usage) => usage.Get(XAiToolCount) is not null || usage.Get(XAiTools) is not null;

    /// <summary>xAI. A cost of 0 is ignored: Azure, which serves its models too, always writes it.</summary>
    private static void ReadXAi(UsageBill bill)
    {
        bill.WebSearches += bill.Count(XAiTools + ".web_search_calls") ?? 0;
        foreach (string kind in (string[])["x_search", "code_interpreter", "file_search", "document_search"])
        {
            bill.AddFee(kind, bill.Count($"{XAiTools}.{kind}_calls") ?? 0);
        }

        if (bill.Count(XAiToolCount) > 0 && bill.Source.Get(XAiTools) is null)
        {
            bill.AddUnknown(XAiToolCount, "which tools they were is not in the reply");
        }

        if (bill.Has(Ticks))
        {
            if (UsageBill.MoneyOf(bill.Source.Get(Ticks)) is { } ticks)
            {
                bill.SetStatedCost(ticks / TicksPerDollar, XAi);
            }
            else
            {
                bill.AddUnknown(Ticks, bill.Source.Get(Ticks)!.Value);
            }
        }

        if (bill.Source.Object("context_details") is { } context
            && UsageBill.CountIn(context, "input_tokens") is { } input && UsageBill.CountIn(context, "output_tokens") is { } output)
        {
            bill.SetContext(input + output);
        }
    }

    /// <summary>
    /// OpenRouter, and Vercel's gateway, which writes the same members. With a key of the user's own the cost is only their fee, and the server
    /// behind it sends another bill.
    /// </summary>
    private static void ReadCost(UsageBill bill, string server)
    {
        if (bill.Source.Get("cost") is not { } value)
        {
            return;
        }

        decimal? cost = UsageBill.MoneyOf(value);
        if (server is not (OpenRouter or Vercel) || cost is null)
        {
            if (!UsageBill.IsNothing(value))
            {
                bill.AddUnknown("cost", value);
            }
        }
        else if (bill.Source.Get("is_byok") is not { ValueKind: JsonValueKind.True })
        {
            bill.SetStatedCost(cost.Value, server);
        }
        else if (UsageBill.MoneyOf(UsageBill.Find(bill.Source, Upstream)) is { } upstream && upstream < decimal.MaxValue - cost)
        {
            bill.SetStatedCost(cost.Value + upstream, server);
        }
        else
        {
            bill.AddUnknown(Upstream, "the key is one's own, and what the server behind it bills is not in the reply");
        }
    }

    /// <summary>Perplexity. It rounds each part to 0.00001.</summary>
    private static void ReadCostObject(UsageBill bill, string server)
    {
        JsonElement? total = bill.Source.Get("cost", "total_cost");
        if (server == Perplexity && UsageBill.MoneyOf(total) is { } cost and > 0)
        {
            bill.SetStatedCost(cost, Perplexity);
        }
        else
        {
            bill.AddUnknown("cost", bill.Source.Get("cost")!.Value);
        }
    }

    private static void ReadRequestFee(UsageBill bill)
    {
        string size = bill.Source.Text(RequestSize) ?? "";
        if (size is "low" or "medium" or "high")
        {
            bill.AddFee("request_" + size, 1);
        }
        else
        {
            bill.AddUnknown(RequestSize, "the fee of the request is not in the reply");
        }
    }
}
