using System.Text.Json;

namespace Opi;

/// <summary>
/// What Gemini's Interactions API bills, by the rules of generateContent: thoughts are counted besides the output and billed as output; what
/// tools put into the prompt is counted besides it and billed as input; what came from the cache is part of the prompt.
/// </summary>
internal sealed class InteractionsUsage : UsageShape
{
    private const string Prompt = "total_input_tokens";
    private const string Cached = "total_cached_tokens";
    private const string ToolUse = "total_tool_use_tokens";
    private const string Output = "total_output_tokens";
    private const string Thoughts = "total_thought_tokens";
    private const string Reasoning = "total_reasoning_tokens"; // the first name of the same
    private const string Total = "total_tokens";
    private const string FirstPrompt = "initial_input_tokens";
    private const string Searches = "grounding_tool_count";
    private const string Tier = "service_tier";
    private const string Agent = "agent";
    private const string Steps = "steps";

    private static readonly string[] Details =
        ["input_tokens_by_modality", "cached_tokens_by_modality", "tool_use_tokens_by_modality", "output_tokens_by_modality"];

    /// <summary>The steps that cost nothing but tokens.</summary>
    private static readonly string[] Free =
    [
        InteractionsStep.Output, InteractionsStep.UserInput, InteractionsStep.Thought, InteractionsStep.Call, InteractionsStep.Result,
        "text", "image", "audio", "video", "document", "code_execution_call", "code_execution_result", "url_context_call", "url_context_result",
        "file_search_call", "file_search_result", "mcp_server_tool_call", "mcp_server_tool_result", "processing_call", "processing_result",
    ];

    private static readonly string[] Grounding = ["google_search_call", "google_search_result", "google_maps_call", "google_maps_result"];

    /// <summary>The only instance, after the lists that it is made of.</summary>
    public static readonly InteractionsUsage Instance = new();

    public override UsageTable Table { get; } = new(
        UsageTable.Of(MemberClass.Count, Prompt, Cached, ToolUse, Output, Thoughts, Reasoning),
        UsageTable.Of(MemberClass.Count, [.. Details.Select(detail => detail + ".tokens")]),
        UsageTable.Of(MemberClass.Part, Total),
        UsageTable.Of(MemberClass.Calls, Searches + ".count"),
        UsageTable.Of(MemberClass.Rate, [.. Details.Select(detail => detail + ".modality"), Searches + ".type"]),
        UsageTable.Of(MemberClass.Free, FirstPrompt));

    public override void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        long prompt = bill.Count(Prompt) ?? 0;
        long tools = bill.Count(ToolUse) ?? 0;
        long answer = bill.Count(Output) ?? 0;
        long cached = bill.Count(Cached) ?? 0;
        bill.Reasoning = bill.Count(Thoughts) ?? bill.Count(Reasoning);
        if (bill.Count(Thoughts) > 0 && bill.Count(Reasoning) > 0)
        {
            bill.CheckEqual(Reasoning, bill.Count(Reasoning), bill.Count(Thoughts)!.Value);
        }

        long thoughts = bill.Reasoning ?? 0;
        bill.CheckPart(Cached, cached, prompt);
        cached = Math.Min(cached, prompt);
        (bill.Input, bill.CacheRead, bill.Output) = (prompt - cached + tools, cached, answer + thoughts);
        bill.CheckEqual(Total, bill.Count(Total), prompt + tools + answer + thoughts);
        bool isSum = excerpt.Get(Agent) is not null || (bill.Count(FirstPrompt) is > 0 and var first && first != prompt);
        bill.SetContext(isSum ? 0 : prompt + answer + thoughts);
        new GeminiModalities(Details[0], Details[1], Details[2], Details[3], "tokens").Read(bill, prompt, cached, tools, answer);
        GeminiUsage.Tiers.Apply(bill, Tier, excerpt.Get(Tier));
        ReadTools(bill, excerpt);
        if (excerpt.Get(Agent) is not null)
        {
            bill.AddUnknown(Agent, "which models an agent asked, and at which prices, is not in the reply");
        }

        if (origin.IsBatch)
        {
            bill.AddTier(ServiceTier.Batch, "batch");
        }
    }

    protected override void Write(Utf8JsonWriter writer, JsonElement reply)
    {
        ReplyExcerpt.Copy(writer, reply, UsageName!);
        ReplyExcerpt.Copy(writer, reply, Tier);
        ReplyExcerpt.Copy(writer, reply, Agent);
        ReplyExcerpt.CopyList(
            writer, Steps, InteractionsStep.OfReply(reply).Where(step => step.ValueKind == JsonValueKind.Object && !IsFree(step)), "type");
    }

    private static bool IsFree(JsonElement step) => Free.Contains(step.Text("type") ?? InteractionsStep.Output);

    private static void ReadTools(UsageBill bill, JsonElement excerpt)
    {
        string[] kinds = [.. excerpt.Items(Steps).Select(step => step.Text("type") ?? "").Distinct()];
        bool isCounted = bill.Source.Items(Searches).Any(entry => UsageBill.CountIn(entry, "count") > 0);
        if (isCounted)
        {
            bill.AddUnknown(Searches, GeminiUsage.SearchFee);
        }
        else if (kinds.Any(Grounding.Contains))
        {
            bill.AddUnknown(kinds.First(Grounding.Contains), GeminiUsage.SearchFee);
        }

        foreach (string kind in kinds.Where(kind => !Grounding.Contains(kind)))
        {
            bill.AddUnknown("steps.type", $"what '{kind}' costs is not known");
        }
    }
}
