using System.Text.Json;

namespace Opi;

/// <summary>
/// What OpenAI's Responses bill, and the servers that speak it. What was read from the cache or written to it is part of the input. Tools that
/// run at the provider are billed by the call.
/// </summary>
internal sealed class ResponsesUsage : UsageShape
{
    public const string ObjectName = "response";

    private const string Cached = "input_tokens_details.cached_tokens";
    private const string Written = "input_tokens_details.cache_write_tokens";
    private const string Lifetimes = "input_tokens_details.cache_write_tokens_details";
    private const string Reasoned = "output_tokens_details.reasoning_tokens";
    private const string Searches = "tool_usage.web_search.num_requests";

    /// <summary>The items that are not billed: the model's words, and the calls that the client runs.</summary>
    private static readonly string[] FreeItems =
    [
        "message", "reasoning", "function_call", "custom_tool_call", "local_shell_call", "apply_patch_call", "apply_patch_call_output",
        "computer_call", "mcp_approval_request", "mcp_list_tools", "tool_search_call", "tool_search_output", "compaction", "configuration_update",
        "additional_tools",
    ];

    /// <summary>Items of tools that run at the provider, between which the model is asked again, and that cost nothing by the call.</summary>
    private static readonly string[] FreeTools = ["mcp_call", "program", "program_output"];

    private const string Search = "web_search_call";
    private const string Compacted = "compacted";
    private const string FileSearch = "file_search_call";

    /// <summary>The only instance, after the lists that it is made of.</summary>
    public static readonly ResponsesUsage Instance = new();

    public override UsageTable Table { get; } = new(
        UsageTable.Of(MemberClass.Count, "input_tokens", "output_tokens", Cached, Written),
        UsageTable.Of(MemberClass.Part, "total_tokens", Reasoned, Lifetimes + ".ttl_30m_tokens"),
        UsageTable.Of(MemberClass.Unpriced, Lifetimes + ".ttl_12h_tokens"),
        UsageTable.Of(MemberClass.Calls, Searches),
        UsageTable.Of(MemberClass.Unpriced, "tool_usage.image_gen.*"),
        CompatibleServer.Members);

    public override void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        string server = CompatibleServer.NameOf(origin, excerpt, bill.Source);
        ReadTokens(bill, server);
        CompatibleServer.Read(bill, excerpt, server);
        bill.CheckMembers("tool_usage", excerpt.Get("tool_usage"));
        if (!CompatibleServer.CountsTools(bill.Source))
        {
            ReadTools(bill, excerpt);
        }

        if (excerpt.Object("billing") is { } billing && billing.Get("payer") is { } payer
            && !UsageBill.IsNothing(payer) && !billing.Is("payer", "developer"))
        {
            bill.AddUnknown("billing.payer", payer);
        }

        if (excerpt.Get(Compacted) is not null)
        {
            bill.SetContext(0); // the counts are those of what was compacted
        }

        if (origin.IsBatch)
        {
            bill.AddTier(ServiceTier.Batch, "batch");
        }
    }

    protected override void Write(Utf8JsonWriter writer, JsonElement reply)
    {
        writer.WriteString("object", ObjectName);
        ReplyExcerpt.Copy(writer, reply, "usage");
        ReplyExcerpt.Copy(writer, reply, "service_tier");
        ReplyExcerpt.Copy(writer, reply, "tool_usage");
        ReplyExcerpt.Copy(writer, reply, "billing");
        if (ResponsesCompaction.Is(reply))
        {
            writer.WriteBoolean(Compacted, true);
            return; // its items were made before
        }

        JsonElement[] items = [.. reply.Items("output").Where(
            item => item.ValueKind == JsonValueKind.Object && !FreeItems.Contains(item.Text("type") ?? "message"))];
        ReplyExcerpt.WriteList(writer, "output", items, WriteItem);
        ReplyExcerpt.CopyList(writer, "tools", items.Length == 0 ? [] : reply.Items("tools").Where(IsPreview), "type");
    }

    /// <summary>Of an item what it is, and what it did by name: the words of a search are not billed.</summary>
    private static void WriteItem(Utf8JsonWriter writer, JsonElement item)
    {
        ReplyExcerpt.Copy(writer, item, "type");
        foreach (string name in (string[])["action", "environment"])
        {
            if (item.Object(name)?.Get("type") is { } type)
            {
                writer.WriteStartObject(name);
                ReplyExcerpt.Copy(writer, item.Object(name)!.Value, "type");
                writer.WriteEndObject();
            }
        }
    }

    private static void ReadTokens(UsageBill bill, string server)
    {
        long input = bill.Count("input_tokens") ?? 0;
        long cached = bill.Count(Cached) ?? 0;
        long written = bill.Count(Written) ?? 0;
        bill.Output = bill.Count("output_tokens") ?? 0;
        bill.Reasoning = bill.Count(Reasoned);
        bill.CheckEqual("total_tokens", bill.Count("total_tokens"), input + bill.Output);
        bill.CheckPart(Reasoned, bill.Reasoning, bill.Output);
        bill.CheckPart(
            Lifetimes, TokenMath.Add(bill.Count(Lifetimes + ".ttl_30m_tokens"), bill.Count(Lifetimes + ".ttl_12h_tokens")), written);
        CompatibleServer.SplitInput(bill, server, input, (Cached, cached), (Written, written));
    }

    /// <summary>
    /// The calls of tools that run at the provider. After them the counts are a sum over several requests, which gives no size of the context.
    /// </summary>
    private static void ReadTools(UsageBill bill, JsonElement excerpt)
    {
        JsonElement[] items = [.. excerpt.Items("output")];
        long counted = items.Count(item => item.Is("type", Search) && (item.Object("action")?.Text("type") ?? "search") == "search");
        bill.WebSearches += UsageBill.CountIn(excerpt, Searches) ?? counted;
        bill.AddFee("file_search", items.Count(item => item.Is("type", FileSearch)));
        if (bill.WebSearches > 0 && excerpt.Items("tools").Any())
        {
            bill.AddUnknown(Search, "what a search of web_search_preview costs depends on the model");
        }

        bool isHosted = bill.WebSearches > 0;
        foreach (string type in items.Select(TypeOf).Distinct())
        {
            isHosted |= type != "shell_call";
            switch (type)
            {
                case Search or FileSearch or "shell_call":
                    break;
                case "code_interpreter_call" or "container_shell_call" or "shell_call_output":
                    bill.AddUnknown("container", "whether its session is a new one, which is billed, is not in the reply");
                    break;
                case "image_generation_call":
                    bill.AddUnknown(type, "the tokens of the image are billed at another model, and are not in the usage");
                    break;
                default:
                    if (!FreeTools.Contains(type))
                    {
                        bill.AddUnknown("output.type", $"what '{type}' costs is not known");
                    }

                    break;
            }
        }

        if (isHosted)
        {
            bill.SetContext(0);
        }
    }

    private static bool IsPreview(JsonElement tool) => tool.Text("type")?.StartsWith("web_search_preview", StringComparison.Ordinal) == true;

    /// <summary>The type of an item; a shell that runs in a container has its own type.</summary>
    private static string TypeOf(JsonElement item) =>
        item.Is("type", "shell_call") && item.Object("environment") is { } place && !place.Is("type", "local")
            ? "container_shell_call"
            : item.Text("type") ?? "";
}
