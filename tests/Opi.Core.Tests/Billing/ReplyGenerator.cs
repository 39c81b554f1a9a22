using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>Makes replies at random by the grammar of the providers' usage, and writes down what each bills.</summary>
internal sealed class ReplyGenerator(int seed)
{
    private readonly Random _random = new(seed);

    public GeneratedReply Make(string shape) => shape switch
    {
        "Anthropic" => Anthropic(),
        "OpenAIChat" => Chat(),
        "OpenAIResponses" => Responses(),
        "Gemini" => Gemini(),
        "GeminiInteractions" => Interactions(),
        "Bedrock" => Bedrock(),
        "Ollama" => Ollama(),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    private GeneratedReply Anthropic()
    {
        var usage = new JsonObject();
        var blocks = new List<JsonNode>();
        var bill = new GeneratedReply { Reply = Replies.Anthropic(usage), Asked = "anthropic:" + Replies.Model };
        (long Input, long Output, long Read, long Write, long OneHour) top = Pass(usage);
        Add(bill, top);
        if (Chance(30))
        {
            Iterations(bill, usage, top);
        }

        if (Chance(30))
        {
            long thinking = Chance(95) ? Below(top.Output) : top.Output + 1;
            usage["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = thinking };
            bill.IsKnown &= thinking <= top.Output;
        }

        bool isFast = false;
        switch (Pick("", "", "standard", "fast", "warp"))
        {
            case "standard":
                usage["speed"] = "standard";
                break;
            case "fast":
                usage["speed"] = "fast";
                (bill.Tier, isFast) = (ServiceTier.Fast, true);
                break;
            case "warp" when Chance(20):
                usage["speed"] = "warp";
                bill.IsKnown = false;
                break;
        }

        string? tier = Pick("standard", "batch", "priority", "gold", null);
        usage["service_tier"] = tier;
        bill.IsKnown &= tier is null or "standard" || (tier == "batch" && !isFast);
        bill.Tier = tier == "batch" ? ServiceTier.Batch : bill.Tier;

        string? geo = Pick("us", "global", "not_available", "", null, "eu");
        usage["inference_geo"] = geo;
        bill.IsUs = geo == "us";
        bill.IsKnown &= geo != "eu";

        if (Chance(30))
        {
            bill.Searches = Below(4);
            long fetches = Below(3);
            usage["server_tool_use"] = new JsonObject { ["web_search_requests"] = bill.Searches, ["web_fetch_requests"] = fetches };
            if (bill.Searches > 0)
            {
                blocks.Add(JsonNode.Parse("""{"type":"server_tool_use","id":"s","name":"web_search","input":{}}""")!);
            }

            bill.Context ??= bill.Searches + fetches > 0 ? 0 : null;
        }

        if (Chance(4))
        {
            bill.Reply["container"] = new JsonObject { ["id"] = "c", ["expires_at"] = "2026-01-01T00:00:00Z" };
            bill.IsKnown = false;
        }

        foreach (JsonNode block in blocks)
        {
            ((JsonArray)bill.Reply["content"]!).Add(block);
        }

        return Odd(bill, usage);
    }

    /// <summary>The entries: those of the message are on top, a compaction and an advisor are not.</summary>
    private void Iterations(GeneratedReply bill, JsonObject usage, (long Input, long Output, long Read, long Write, long OneHour) top)
    {
        var entries = new JsonArray();
        (long Input, long Output, long Read, long Write, long OneHour) first =
            (Below(top.Input), Below(top.Output), Below(top.Read), Below(top.Write), 0);
        bool isSplit = top.OneHour == 0 && usage["cache_creation"] is null && Chance(50);
        if (isSplit)
        {
            entries.Add(Entry("message", null, first));
        }

        foreach (string kind in new[] { "compaction", "advisor_message" }.Where(_ => Chance(50)))
        {
            (long Input, long Output, long Read, long Write, long OneHour) pass = (Count(), Count(), Count(), Count(), 0);
            pass.OneHour = Chance(30) ? Below(pass.Write) : 0;
            string? model = kind == "advisor_message" ? "other" : null;
            entries.Add(Entry(kind, model, pass));
            Add(bill, pass);
            bill.OfOther = model is null ? bill.OfOther : Sum(bill.OfOther, pass);
        }

        if (Chance(5))
        {
            entries.Add(Entry("dream", null, (1, 1, 0, 0, 0)));
            bill.IsKnown = false;
        }

        (long Input, long Output, long Read, long Write, long OneHour) last = isSplit
            ? (top.Input - first.Input, top.Output - first.Output, top.Read - first.Read, top.Write - first.Write, 0)
            : top;
        entries.Add(Entry("message", Pick(null, Replies.Model), last));
        usage["iterations"] = entries;
        bill.Context = last.Input + last.Output + last.Read + last.Write;
    }

    private static JsonObject Entry(string type, string? model, (long Input, long Output, long Read, long Write, long OneHour) pass)
    {
        var entry = new JsonObject
        {
            ["type"] = type,
            ["input_tokens"] = pass.Input,
            ["output_tokens"] = pass.Output,
            ["cache_read_input_tokens"] = pass.Read,
            ["cache_creation_input_tokens"] = pass.Write,
        };
        if (pass.OneHour > 0)
        {
            entry["cache_creation"] = new JsonObject
            {
                ["ephemeral_1h_input_tokens"] = pass.OneHour,
                ["ephemeral_5m_input_tokens"] = pass.Write - pass.OneHour,
            };
        }

        if (model is not null)
        {
            entry["model"] = model;
        }

        return entry;
    }

    private (long Input, long Output, long Read, long Write, long OneHour) Pass(JsonObject usage)
    {
        (long Input, long Output, long Read, long Write, long OneHour) pass =
            (Count(), Count(), Chance(50) ? Count() : 0, Chance(50) ? Count() : 0, 0);
        usage["input_tokens"] = pass.Input;
        usage["output_tokens"] = pass.Output;
        if (pass.Read > 0 || Chance(50))
        {
            usage["cache_read_input_tokens"] = pass.Read;
        }

        if (Chance(50))
        {
            pass.OneHour = Below(pass.Write);
            usage["cache_creation"] = new JsonObject
            {
                ["ephemeral_5m_input_tokens"] = pass.Write - pass.OneHour,
                ["ephemeral_1h_input_tokens"] = pass.OneHour,
            };
        }

        if (usage["cache_creation"] is null || Chance(70))
        {
            usage["cache_creation_input_tokens"] = pass.Write;
        }

        return pass;
    }

    private GeneratedReply Chat()
    {
        string server = Pick("openai", "azure", "groq", "xai", "mistral", "deepseek", "openrouter", "perplexity", "google", "moonshot")!;
        var usage = new JsonObject();
        var prompt = new JsonObject();
        var completion = new JsonObject();
        var bill = new GeneratedReply { Reply = Replies.Chat(usage), Asked = $"{server}:{Replies.Model}" };
        long given = Count();
        long made = Count();
        bill.Read = Chance(50) ? Below(given) : 0;
        bill.Write = server is "openai" or "openrouter" && Chance(30) ? Below(given - bill.Read) : 0;
        (bill.Input, bill.Output) = (given - bill.Read - bill.Write, made);
        usage["prompt_tokens"] = given;
        usage["completion_tokens"] = made;
        long total = given + made;
        switch (server)
        {
            case "deepseek":
                usage["prompt_cache_hit_tokens"] = bill.Read;
                usage["prompt_cache_miss_tokens"] = given - bill.Read;
                break;
            case "moonshot":
                usage["cached_tokens"] = bill.Read;
                break;
            case "mistral" when Chance(50):
                usage["num_cached_tokens"] = bill.Read;
                break;
            default:
                prompt["cached_tokens"] = bill.Read;
                break;
        }

        if (bill.Write > 0)
        {
            prompt["cache_write_tokens"] = bill.Write;
        }

        if (Chance(50))
        {
            long reasoning = Below(made);
            if (server == "xai")
            {
                reasoning = Below(1000) + 1;
                total += reasoning;
                bill.Output += reasoning;
            }

            completion["reasoning_tokens"] = reasoning;
        }
        else if (server == "google")
        {
            long hidden = Below(1000) + 1;
            total += hidden;
            bill.Output += hidden;
        }

        if (bill.Read + bill.Write == 0 && completion.Count == 0 && server != "google" && Chance(20))
        {
            long sound = Below(bill.Input);
            if (server == "mistral" && sound > 0)
            {
                total += sound;
                bill.Input += sound;
            }

            prompt["audio_tokens"] = sound;
            bill.Audio = (sound, Below(made), 0);
            completion["audio_tokens"] = bill.Audio.Output;
        }

        prompt["text_tokens"] = Below(given);
        completion["accepted_prediction_tokens"] = Below(made);
        usage["prompt_tokens_details"] = prompt;
        usage["completion_tokens_details"] = completion;
        if (Chance(server is "xai" or "google" or "mistral" ? 100 : 80))
        {
            bool isWrong = server is not ("xai" or "google" or "mistral") && Chance(3);
            usage["total_tokens"] = isWrong ? total + 1_000_003 : total;
            bill.IsKnown &= !isWrong;
        }

        Servers(bill, usage, server);
        bill.Reply["service_tier"] = server is "mistral" ? null : Tier(bill, server);
        return Odd(bill, usage);
    }

    /// <summary>What servers add beside the tokens.</summary>
    private void Servers(GeneratedReply bill, JsonObject usage, string server)
    {
        switch (server)
        {
            case "groq":
                usage["queue_time"] = 0.25;
                usage["total_time"] = 1.5;
                break;
            case "openrouter" when Chance(80):
                decimal cost = Below(1_000_000) / 1_000_000m;
                bool isByok = Chance(20);
                usage["cost"] = isByok ? 0 : cost;
                usage["is_byok"] = isByok;
                usage["cost_details"] = new JsonObject { ["upstream_inference_cost"] = isByok ? cost : null };
                bill.Stated = cost;
                break;
            case "perplexity" when Chance(80):
                bill.Stated = (Below(1_000_000) + 1) / 100_000m;
                usage["cost"] = new JsonObject { ["total_cost"] = bill.Stated, ["request_cost"] = 0.005m };
                usage["search_context_size"] = "low";
                break;
            case "perplexity":
                string size = Pick("low", "medium", "high")!;
                usage["search_context_size"] = size;
                bill.Fees["request_" + size] = 1;
                break;
            case "xai":
                long ticks = Chance(50) ? Below(1_000_000_000) + 1 : 0;
                usage["cost_in_usd_ticks"] = ticks;
                bill.Stated = ticks > 0 ? ticks / 10_000_000_000m : null;
                if (Chance(40))
                {
                    (bill.Searches, bill.Fees["x_search"]) = (Below(3), Below(3));
                    usage["num_server_side_tools_used"] = bill.Searches + bill.Fees["x_search"];
                    usage["server_side_tool_usage_details"] = new JsonObject
                    {
                        ["web_search_calls"] = bill.Searches,
                        ["x_search_calls"] = bill.Fees["x_search"],
                        ["mcp_calls"] = Below(3),
                    };
                }

                break;
        }
    }

    private string? Tier(GeneratedReply bill, string server)
    {
        string? tier = Pick("default", null, "flex", "priority", "ultrafast", "auto");
        bill.IsKnown &= tier switch
        {
            "ultrafast" => false,
            "auto" => server is "groq" or "openrouter",
            _ => true,
        };
        bill.Tier = tier switch
        {
            "flex" => server == "groq" ? ServiceTier.Standard : ServiceTier.Flex,
            "priority" => ServiceTier.Priority,
            _ => ServiceTier.Standard,
        };
        return tier;
    }

    private GeneratedReply Responses()
    {
        string server = Pick("openai", "azure", "openrouter", "xai", "deepseek")!;
        var usage = new JsonObject();
        var items = new List<JsonNode>();
        long given = Count();
        long read = Below(given);
        long write = server == "openai" && Chance(40) ? Below(given - read) : 0;
        long made = Count();
        long searches = 0;
        long files = 0;
        bool isKnown = true;
        if (server != "xai" && Chance(40))
        {
            searches = Below(3);
            files = Below(3);
            items.AddRange(Enumerable.Range(0, (int)searches).Select(
                _ => JsonNode.Parse("""{"type":"web_search_call","action":{"type":"search"}}""")!));
            items.AddRange(Enumerable.Range(0, (int)files).Select(_ => JsonNode.Parse("""{"type":"file_search_call"}""")!));
            items.Add(JsonNode.Parse("""{"type":"web_search_call","action":{"type":"open_page"}}""")!);
            if (Chance(10))
            {
                items.Add(new JsonObject { ["type"] = Pick("code_interpreter_call", "image_generation_call", "dream_call") });
                isKnown = false;
            }
        }

        var bill = new GeneratedReply
        {
            Reply = Replies.Responses(usage, Replies.Model, [.. items]),
            Asked = $"{server}:{Replies.Model}",
            IsKnown = isKnown,
        };
        (bill.Input, bill.Read, bill.Write, bill.Output) = (given - read - write, read, write, made);
        usage["input_tokens"] = given;
        usage["input_tokens_details"] = new JsonObject { ["cached_tokens"] = read, ["cache_write_tokens"] = write };
        usage["output_tokens"] = made;
        usage["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = Below(made) };
        usage["total_tokens"] = given + made;
        if (write > 0 && Chance(20))
        {
            long lasting = Chance(50) ? Below(write) : 0;
            usage["input_tokens_details"]!["cache_write_tokens_details"] = new JsonObject
            {
                ["ttl_30m_tokens"] = write - lasting,
                ["ttl_12h_tokens"] = lasting,
            };
            bill.IsKnown &= lasting == 0;
        }

        if (items.Count > 0)
        {
            bill.Context = 0;
            bill.Searches = searches;
            if (files > 0)
            {
                bill.Fees["file_search"] = files;
            }

            if (Chance(50))
            {
                bill.Reply["tool_usage"] = new JsonObject
                {
                    ["web_search"] = new JsonObject { ["num_requests"] = searches },
                    ["image_gen"] = new JsonObject { ["total_tokens"] = 0 },
                };
            }
        }

        Servers(bill, usage, server);
        bill.Reply["service_tier"] = Tier(bill, server);
        if (server == "xai" && Chance(50))
        {
            (long input, long output) = (Count(), Count());
            usage["context_details"] = new JsonObject { ["input_tokens"] = input, ["output_tokens"] = output };
            bill.Context = input + output;
        }

        return Odd(bill, usage);
    }

    private GeneratedReply Gemini()
    {
        var usage = new JsonObject();
        var bill = new GeneratedReply { Reply = Replies.Gemini(usage), Asked = "gemini:" + Replies.Model };
        long prompt = Count();
        long tools = Chance(30) ? Count() : 0;
        long answer = Count();
        long thoughts = Chance(50) ? Count() : 0;
        bill.Read = Chance(40) ? Below(prompt) : 0;
        (bill.Input, bill.Output) = (prompt - bill.Read + tools, answer + thoughts);
        usage["promptTokenCount"] = prompt;
        usage["candidatesTokenCount"] = answer;
        Some(usage, "cachedContentTokenCount", bill.Read);
        Some(usage, "toolUsePromptTokenCount", tools);
        Some(usage, "thoughtsTokenCount", thoughts);
        if (Chance(90))
        {
            usage["totalTokenCount"] = prompt + tools + answer + thoughts;
        }

        if (Chance(50))
        {
            (long sound, long soundBefore) = OtherThanText(bill, prompt, answer);
            usage["promptTokensDetails"] = Kinds(("AUDIO", sound), ("TEXT", prompt - sound));
            usage["cacheTokensDetails"] = Kinds(("AUDIO", soundBefore), ("TEXT", bill.Read - soundBefore));
            usage["candidatesTokensDetails"] = Kinds(("IMAGE", bill.Images), ("TEXT", answer - bill.Images));
        }

        bill.Context = prompt + answer + thoughts;
        string? traffic = Pick("ON_DEMAND", "ON_DEMAND_FLEX", "ON_DEMAND_PRIORITY", "PROVISIONED_THROUGHPUT", null);
        usage["trafficType"] = traffic;
        bill.IsKnown &= traffic != "PROVISIONED_THROUGHPUT";
        bill.Tier = traffic switch
        {
            "ON_DEMAND_FLEX" => ServiceTier.Flex,
            "ON_DEMAND_PRIORITY" => ServiceTier.Priority,
            _ => ServiceTier.Standard,
        };
        if (Chance(10))
        {
            bill.Reply["candidates"]![0]!["groundingMetadata"] = JsonNode.Parse("""{"groundingChunks":[{"web":{"uri":"u"}}]}""");
            bill.IsKnown = false;
        }

        return Odd(bill, usage);
    }

    /// <summary>Makes some of the tokens sound and images.</summary>
    /// <returns>The tokens of sound in the prompt, and those of them that the cache had.</returns>
    private (long Sound, long Before) OtherThanText(GeneratedReply bill, long prompt, long answer)
    {
        long sound = Below(prompt);
        long before = Math.Max(Math.Min(Below(bill.Read), sound), sound - (prompt - bill.Read)); // what is not from the cache must hold the rest
        bill.Images = Below(answer);
        bill.Audio = (sound - before, 0, before);
        return (sound, before);
    }

    private GeneratedReply Interactions()
    {
        var usage = new JsonObject();
        var bill = new GeneratedReply { Reply = Replies.Interactions(usage), Asked = "gemini:" + Replies.Model };
        long prompt = Count();
        long tools = Chance(30) ? Count() : 0;
        long answer = Count();
        long thoughts = Chance(50) ? Count() : 0;
        bill.Read = Chance(40) ? Below(prompt) : 0;
        (bill.Input, bill.Output) = (prompt - bill.Read + tools, answer + thoughts);
        usage["total_input_tokens"] = prompt;
        usage["total_output_tokens"] = answer;
        usage["total_cached_tokens"] = bill.Read;
        Some(usage, "total_tool_use_tokens", tools);
        Some(usage, "total_thought_tokens", thoughts);
        if (Chance(90))
        {
            usage["total_tokens"] = prompt + tools + answer + thoughts;
        }

        if (Chance(50))
        {
            (long sound, long soundBefore) = OtherThanText(bill, prompt, answer);
            usage["input_tokens_by_modality"] = ByModality(("audio", sound), ("text", prompt - sound));
            usage["cached_tokens_by_modality"] = ByModality(("audio", soundBefore), ("text", bill.Read - soundBefore));
            usage["output_tokens_by_modality"] = ByModality(("image", bill.Images), ("text", answer - bill.Images));
        }

        bill.Context = prompt + answer + thoughts;
        string? tier = Pick("standard", "flex", "priority", "deferred", null);
        bill.Reply["service_tier"] = tier;
        bill.IsKnown &= tier != "deferred";
        bill.Tier = tier switch
        {
            "flex" => ServiceTier.Flex,
            "priority" => ServiceTier.Priority,
            "deferred" => ServiceTier.Other,
            _ => ServiceTier.Standard,
        };
        if (Chance(10))
        {
            usage["grounding_tool_count"] = new JsonArray(new JsonObject { ["type"] = "google_search", ["count"] = 2 });
            bill.IsKnown = false;
        }
        else if (Chance(10))
        {
            bool isUnknown = Chance(50);
            ((JsonArray)bill.Reply["steps"]!).Insert(0, JsonNode.Parse($$"""{"type":"{{(isUnknown ? "dream_call" : "url_context_call")}}","id":"s"}"""));
            bill.IsKnown &= !isUnknown;
        }

        return Odd(bill, usage);
    }

    private static JsonArray ByModality(params (string Kind, long Tokens)[] kinds) =>
        new([.. kinds.Select(kind => new JsonObject { ["modality"] = kind.Kind, ["tokens"] = kind.Tokens })]);

    private GeneratedReply Bedrock()
    {
        var usage = new JsonObject();
        var bill = new GeneratedReply { Reply = Replies.Bedrock(usage), Asked = "bedrock:" + Replies.Model };
        (bill.Input, bill.Output, bill.Read, bill.Write) = (Count(), Count(), Chance(50) ? Count() : 0, Chance(50) ? Count() : 0);
        usage["inputTokens"] = bill.Input;
        usage["outputTokens"] = bill.Output;
        usage["totalTokens"] = bill.Input + bill.Output + bill.Read + bill.Write;
        usage["serverToolUsage"] = new JsonObject();
        foreach (string name in new[] { "cacheReadInputTokens", "cacheReadInputTokenCount" }.Where(_ => bill.Read > 0))
        {
            usage[name] = bill.Read;
        }

        foreach (string name in new[] { "cacheWriteInputTokens", "cacheWriteInputTokenCount" }.Where(_ => bill.Write > 0))
        {
            usage[name] = bill.Write;
        }

        if (bill.Write > 0 && Chance(50))
        {
            bill.OneHour = Below(bill.Write);
            usage["cacheDetails"] = new JsonArray(
                new JsonObject { ["ttl"] = "5m", ["inputTokens"] = bill.Write - bill.OneHour },
                new JsonObject { ["ttl"] = "1h", ["inputTokens"] = bill.OneHour });
        }

        string? tier = Pick("default", "flex", "priority", "reserved", null);
        bill.Reply["serviceTier"] = tier is null ? null : new JsonObject { ["type"] = tier };
        bill.IsKnown &= tier != "reserved";
        bill.Tier = tier switch
        {
            "flex" => ServiceTier.Flex,
            "priority" => ServiceTier.Priority,
            _ => ServiceTier.Standard,
        };
        if (Chance(10))
        {
            bill.Reply["performanceConfig"] = new JsonObject { ["latency"] = "optimized" };
            bill.IsKnown = false;
        }

        return Odd(bill, usage);
    }

    private GeneratedReply Ollama()
    {
        (long input, long output) = (Count(), Count() + 1);
        bool isCached = Chance(20);
        var usage = new JsonObject { ["eval_count"] = output, ["total_duration"] = 12345, ["prompt_eval_count"] = isCached ? null : input };
        return new GeneratedReply
        {
            Reply = Replies.Ollama(usage),
            Asked = "ollama:" + Replies.Model,
            Input = isCached ? 0 : input,
            Output = output,
            Context = isCached ? 0 : null,
        };
    }

    /// <summary>Something that is in no table, or says nothing.</summary>
    private GeneratedReply Odd(GeneratedReply bill, JsonObject usage)
    {
        switch (Below(40))
        {
            case 0:
                usage["new_" + Pick("tokens", "calls", "units")] = Below(100) + 1;
                bill.IsKnown = false;
                break;
            case 1:
                usage["new"] = new JsonObject { ["inner"] = new JsonArray(0, new JsonObject { ["count"] = 0.5 }) };
                bill.IsKnown = false;
                break;
            case 2:
                usage["new_kind"] = "x";
                bill.IsKnown = false;
                break;
            case 3:
                usage["new"] = new JsonObject { ["inner"] = new JsonArray(0, new JsonObject { ["count"] = 0.0, ["text"] = "", ["none"] = null }) };
                break;
            case 4:
                usage["new_flag"] = true;
                break;
        }

        return bill;
    }

    private static JsonArray Kinds(params (string Kind, long Count)[] kinds) =>
        [.. kinds.Select(kind => new JsonObject { ["modality"] = kind.Kind, ["tokenCount"] = kind.Count })];

    private void Some(JsonObject usage, string name, long count)
    {
        if (count > 0 || Chance(30))
        {
            usage[name] = count;
        }
    }

    private static void Add(GeneratedReply bill, (long Input, long Output, long Read, long Write, long OneHour) pass)
    {
        bill.Input += pass.Input;
        bill.Output += pass.Output;
        bill.Read += pass.Read;
        bill.Write += pass.Write;
        bill.OneHour += pass.OneHour;
    }

    private static (long Input, long Output, long Read, long Write, long OneHour) Sum(
        (long Input, long Output, long Read, long Write, long OneHour) left, (long Input, long Output, long Read, long Write, long OneHour) right) =>
        (left.Input + right.Input, left.Output + right.Output, left.Read + right.Read, left.Write + right.Write, left.OneHour + right.OneHour);

    private long Count() => _random.Next(10) switch
    {
        0 => 0,
        < 8 => _random.Next(1, 5000),
        8 => _random.Next(1, 2_000_000),
        _ => _random.NextInt64(1L << 40),
    };

    /// <summary>From 0 to a number, that one too.</summary>
    private long Below(long most) => _random.NextInt64(most + 1);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string? Pick(params string?[] values) => values[_random.Next(values.Length)];
}
