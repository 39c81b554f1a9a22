using System.Text.Json;

namespace Opi;

/// <summary>
/// What OpenAI's Chat Completions bill, and the servers that speak it. What was read from the cache or written to it is part of the prompt.
/// Some servers count reasoning or sound besides the two counts: the total shows it.
/// </summary>
internal sealed class ChatUsage : UsageShape
{
    private const string Prompt = "prompt_tokens_details";
    private const string Completion = "completion_tokens_details";
    private const string Cached = Prompt + ".cached_tokens";
    private const string Written = Prompt + ".cache_write_tokens";
    private const string Reasoned = Completion + ".reasoning_tokens";
    private const string Missed = "prompt_cache_miss_tokens";
    private const string AudioSeconds = "prompt_audio_seconds";
    private const string Units = "billed_units";

    /// <summary>
    /// The members of a reply that are billed, or say how: besides the usage the rate, Groq's usage by model, and the server behind
    /// OpenRouter.
    /// </summary>
    public static readonly string[] BilledMembers = ["usage", "service_tier", "usage_breakdown", "provider"];

    /// <summary>The names under which servers give what came from the cache.</summary>
    private static readonly string[] CachedNames = [Cached, "prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens"];

    /// <summary>Breakdowns whose parts have the price of their whole.</summary>
    private static readonly string[] PromptParts = [Prompt + ".text_tokens", Prompt + ".image_tokens", Prompt + ".multimodal_tokens"];

    private static readonly string[] CompletionParts =
    [
        Completion + ".text_tokens", Completion + ".accepted_prediction_tokens", Completion + ".rejected_prediction_tokens",
    ];

    /// <summary>The only instance, after the lists that it is made of.</summary>
    public static readonly ChatUsage Instance = new();

    public override UsageTable Table { get; } = new(
        UsageTable.Of(MemberClass.Count, "prompt_tokens", "completion_tokens", Written),
        UsageTable.Of(MemberClass.Count, CachedNames),
        UsageTable.Of(MemberClass.Count, Prompt + ".audio_tokens", Completion + ".audio_tokens", Completion + ".image_tokens"),
        UsageTable.Of(MemberClass.Part, "total_tokens", Reasoned, Missed),
        UsageTable.Of(MemberClass.Part, PromptParts),
        UsageTable.Of(MemberClass.Part, CompletionParts),
        UsageTable.Of(MemberClass.Unpriced, Prompt + ".video_tokens"),
        UsageTable.Of(MemberClass.Calls, AudioSeconds),
        UsageTable.Of(MemberClass.Count, Units + ".input_tokens", Units + ".output_tokens"),
        UsageTable.Of(MemberClass.Unpriced, Units + ".search_units", Units + ".classifications"),
        UsageTable.Of(MemberClass.Free, "tokens.*"),
        CompatibleServer.Members);

    public override JsonElement WithTableNames(JsonElement usage) => ReplyExcerpt.Renamed(usage, (path, name) => (path, name) switch
    {
        ("", "prompt_token_details") when usage.Get(Prompt) is null => Prompt,
        ("", "completion_token_details") when usage.Get(Completion) is null => Completion,
        _ => name,
    });

    public override void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        string server = CompatibleServer.NameOf(origin, excerpt, bill.Source);
        if (bill.Source.Object(Units) is not null)
        {
            ReadUnits(bill);
        }
        else
        {
            ReadTokens(bill, origin, server);
        }

        CompatibleServer.Read(bill, excerpt, server);
        ReadTools(bill, excerpt, origin);
        if (origin.IsBatch)
        {
            bill.AddTier(ServiceTier.Batch, "batch");
        }
    }

    protected override void Write(Utf8JsonWriter writer, JsonElement reply)
    {
        if (reply.Get("usage") is null && reply.Object("x_groq")?.Object("usage") is not null)
        {
            ReplyExcerpt.Copy(writer, reply.Object("x_groq")!.Value, "usage");
        }
        else
        {
            ReplyExcerpt.Copy(writer, reply, "usage");
        }

        foreach (string name in BilledMembers.Where(name => name != "usage"))
        {
            ReplyExcerpt.Copy(writer, reply, name);
        }

        ReplyExcerpt.CopyList(
            writer, "executed_tools", reply.Items("choices").SelectMany(choice => choice.Object("message")?.Items("executed_tools") ?? []), "type");
    }

    /// <summary>The prompt and the completion, by the total that the server states.</summary>
    private static void ReadTokens(UsageBill bill, ReplyOrigin origin, string server)
    {
        long input = bill.Count("prompt_tokens") ?? 0;
        long output = bill.Count("completion_tokens") ?? 0;
        long given = input + output;
        long? reasoning = bill.Count(Reasoned);
        long sound = bill.Count(Prompt + ".audio_tokens") ?? 0;
        if (bill.Count("total_tokens") is { } total && total != given)
        {
            if (reasoning > 0 && total == given + reasoning)
            {
                output += reasoning.Value; // xAI
            }
            else if (sound > 0 && total == given + sound)
            {
                input += sound; // Mistral
            }
            else if (server == CompatibleServer.Google && total > given)
            {
                output = total - input; // thinking that is not counted
            }
            else
            {
                bill.CheckEqual("total_tokens", total, given);
            }
        }

        bill.Reasoning = reasoning;
        bill.CheckPart(Reasoned, reasoning, output);
        foreach (string part in PromptParts)
        {
            bill.CheckPart(part, bill.Count(part), input);
        }

        foreach (string part in CompletionParts)
        {
            bill.CheckPart(part, bill.Count(part), output);
        }

        bill.Output = output;
        ReadCache(bill, input, server);
        ReadMedia(bill, origin, input, sound);
    }

    private static void ReadCache(UsageBill bill, long input, string server)
    {
        long cached = 0;
        string? from = null;
        foreach (string name in CachedNames)
        {
            if (bill.Count(name) is not { } count)
            {
                continue;
            }

            if (from is not null && count != cached)
            {
                bill.AddUnknown(name, $"it differs from {from}");
            }

            cached = Math.Max(cached, count);
            from ??= name;
        }

        if (bill.Count(Missed) is { } missed && bill.Count(CachedNames[1]) is { } hit && missed + hit != input)
        {
            bill.AddUnknown(Missed, "with what came from the cache it is not the prompt");
        }

        CompatibleServer.SplitInput(bill, server, input, (from ?? Written, cached), (Written, bill.Count(Written) ?? 0));
    }

    private static void ReadMedia(UsageBill bill, ReplyOrigin origin, long input, long sound)
    {
        long spoken = bill.Count(Completion + ".audio_tokens") ?? 0;
        long images = bill.Count(Completion + ".image_tokens") ?? 0;
        bill.CheckPart(Prompt + ".audio_tokens", sound, input);
        bill.CheckPart(Completion, spoken + images, bill.Output);
        if (sound > 0 && bill.CacheRead + bill.CacheWrite > 0)
        {
            bill.AddUnknown(Prompt + ".audio_tokens", "how many of them came from the cache is not in the reply");
        }

        if (bill.Count(AudioSeconds) > 0 && sound == 0)
        {
            bill.AddUnknown(AudioSeconds, "how many tokens they are is not in the reply");
        }

        bill.AddMedia(MediaTokens.Audio, Math.Min(sound, bill.Input), Math.Min(spoken, bill.Output));
        bool isImageModel = origin.Model.Contains("image", StringComparison.Ordinal) || origin.Model.Contains("realtime", StringComparison.Ordinal);
        long seen = isImageModel ? bill.Count(PromptParts[1]) ?? 0 : 0;
        bill.AddMedia(MediaTokens.Image, Math.Min(seen, bill.Input), Math.Min(images, bill.Output));
    }

    /// <summary>Cohere. What it bills is less than what it processed, which is the context.</summary>
    private static void ReadUnits(UsageBill bill)
    {
        bill.Input = bill.Count(Units + ".input_tokens") ?? 0;
        bill.Output = bill.Count(Units + ".output_tokens") ?? 0;
        if (bill.Count("cached_tokens") > 0)
        {
            bill.AddUnknown("cached_tokens", "whether they are billed for less is not published");
        }

        if (bill.Source.Object("tokens") is { } processed)
        {
            bill.SetContext(TokenMath.Add(UsageBill.CountIn(processed, "input_tokens"), UsageBill.CountIn(processed, "output_tokens")));
        }
    }

    private static void ReadTools(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        if (excerpt.Items("executed_tools").Any())
        {
            bill.AddUnknown("executed_tools", "what they cost by the call is not published");
            bill.SetContext(0);
        }

        if (origin.Model.Contains("-search-preview", StringComparison.Ordinal) || origin.Model.Contains("-search-api", StringComparison.Ordinal))
        {
            bill.AddUnknown("web_search_options", "the fee of a search depends on its size, which is not in the reply");
        }

        JsonElement[] models = [.. excerpt.Object("usage_breakdown")?.Items("models") ?? []];
        if (models.Length > 0)
        {
            ReadModels(bill, models);
        }
    }

    /// <summary>Groq's compound systems: the usage is the sum over their models.</summary>
    private static void ReadModels(UsageBill bill, JsonElement[] models)
    {
        var sum = new Usage(0, 0);
        foreach (JsonElement entry in models)
        {
            Usage part = new BilledReply(Instance, ReplyExcerpt.Of(writer => ReplyExcerpt.Copy(writer, entry, "usage")))
                .Read(new ReplyOrigin(CompatibleServer.Groq, entry.Text("model") ?? ""));
            sum += part;
            bill.AddPass(new UsagePass(
                "model", entry.Text("model"), part.InputTokens, part.OutputTokens, part.CacheReadTokens, part.CacheWriteTokens));
            foreach (string reason in part.Billing?.Unknown ?? [])
            {
                bill.AddUnknown("usage_breakdown", reason);
            }
        }

        if ((sum.InputTokens, sum.OutputTokens, sum.CacheReadTokens, sum.CacheWriteTokens)
            != (bill.Input, bill.Output, bill.CacheRead, bill.CacheWrite))
        {
            bill.AddUnknown("usage_breakdown", "the usages of its models are not the whole usage");
        }
    }
}
