using System.Text;
using System.Text.Unicode;

namespace Opi;

/// <summary>What a usage object of Anthropic's shape says besides its counts. Not used for a plain one.</summary>
internal static class ClaudeUsage
{
    /// <summary>Reads a usage into a response: its counts with all passes, and what it is billed by.</summary>
    /// <param name="raw">The usage object.</param>
    /// <param name="draft">The response; its model is known.</param>
    /// <returns>False when nothing is counted because a count is invalid.</returns>
    public static bool TryRead(ReadOnlySpan<byte> raw, ClaudeDraft draft)
    {
        var tokens = new ClaudeTokens();
        var unknown = new UnknownMembers();
        var passes = new List<ClaudePass>();
        ServiceTier tier = ServiceTier.Standard;
        int searches = 0;
        bool isUs = false, statesCredit = false;
        var json = new JsonCursor(raw, lenient: true);
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            JsonCursor value = json;
            if (tokens.TryRead(name, ref json))
            {
                continue;
            }

            if (name.Is("iterations"u8) && json.AtArray())
            {
                ReadIterations(ref json, passes, ref unknown);
            }
            else if (name.Is("service_tier"u8) ? !TryReadTier(ref json, ref tier)
                : name.Is("speed"u8) ? !TryReadSpeed(ref json, ref tier)
                : name.Is("inference_geo"u8) && !TryReadGeo(ref json, out isUs))
            {
                unknown.Add(LogText.Read(name), value.Skip().Trim((byte)'"'));
            }
            else if (name.Is("server_tool_use"u8) && json.AtObject())
            {
                ReadTools(ref json, ref searches, ref unknown);
            }
            else if (name.Is("fallback_credit"u8) && json.AtObject())
            {
                ReadCredit(ref json, ref unknown, ref statesCredit);
            }
            else if (!name.Is("service_tier"u8) && !name.Is("speed"u8) && !name.Is("inference_geo"u8) && !name.Is("total_tokens"u8))
            {
                unknown.Read("", name, ref json);
            }
            else if (name.Is("total_tokens"u8))
            {
                json.Skip(); // a gateway's sum of the others
            }
        }

        tokens.AddTo(ref unknown);
        Complete(draft, tokens.ToCounts(), passes, statesCredit, unknown, new BillingDetails(tier, searches) { UsInference = isUs, Raw = Keep(raw) });
        return !unknown.HasBadCount || unknown.HasAmount || draft.Counts.Total > 0;
    }

    /// <summary>Notes that the response ran in a container.</summary>
    public static void AddContainer(ClaudeDraft draft)
    {
        BillingDetails billing = draft.Billing ?? new BillingDetails(draft.Tier, draft.WebSearches);
        draft.Billing = billing with { Unknown = billing.Unknown.Add("container: its time is billed, and is not in the usage") };
    }

    /// <summary>
    /// Reads <c>iterations</c> where it is one pass of the conversation, as it mostly is. False when it has more; it is read to its end all
    /// the same.
    /// </summary>
    public static bool TryReadOnePass(ref JsonCursor json, ref UsageCounts? pass, ref JsonString model)
    {
        bool isOne = true;
        json.BeginArray();
        while (json.NextElement())
        {
            if (!json.AtObject() || pass is not null)
            {
                isOne = false;
                json.Skip();
                continue;
            }

            var tokens = new ClaudeTokens();
            JsonString type = default;
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                if (name.Is("type"u8))
                {
                    LogText.Take(ref json, ref type);
                }
                else if (name.Is("model"u8))
                {
                    LogText.Take(ref json, ref model);
                }
                else if (!tokens.TryRead(name, ref json))
                {
                    isOne &= IsNothing(json.Skip());
                }
            }

            isOne &= type.Is("message"u8) && tokens.IsPlain;
            pass = tokens.ToCounts() with { CacheWrite1h = null, Reasoning = null };
        }

        return isOne;
    }

    /// <summary>Reads <c>service_tier</c>. False when its rate is not known, also not together with the speed.</summary>
    public static bool TryReadTier(ref JsonCursor json, ref ServiceTier tier)
    {
        JsonString text = default;
        LogText.Take(ref json, ref text);
        ServiceTier read = text.Raw.IsEmpty || text.Is("standard"u8) ? ServiceTier.Standard
            : text.Is("batch"u8) ? ServiceTier.Batch
            : text.Is("priority"u8) ? ServiceTier.Priority
            : ServiceTier.Other;
        return Add(ref tier, read);
    }

    /// <summary>Reads <c>speed</c>, in the same way.</summary>
    public static bool TryReadSpeed(ref JsonCursor json, ref ServiceTier tier)
    {
        JsonString text = default;
        LogText.Take(ref json, ref text);
        ServiceTier read = text.Raw.IsEmpty || text.Is("standard"u8) ? ServiceTier.Standard
            : text.Is("fast"u8) ? ServiceTier.Fast
            : ServiceTier.Other;
        return Add(ref tier, read);
    }

    /// <summary>Reads <c>inference_geo</c>. False when it is a place that is not known.</summary>
    public static bool TryReadGeo(ref JsonCursor json, out bool isUs)
    {
        JsonString text = default;
        LogText.Take(ref json, ref text);
        isUs = text.Is("us"u8);
        return isUs || text.Raw.IsEmpty || text.Is("global"u8) || text.Is("not_available"u8);
    }

    /// <summary>Reads <c>server_tool_use</c>. False when it has more than searches, and pages that were fetched, which cost nothing.</summary>
    public static bool TryReadTools(ref JsonCursor json, ref int searches)
    {
        var unknown = new UnknownMembers();
        ReadTools(ref json, ref searches, ref unknown);
        return !unknown.Any;
    }

    /// <summary>Whether a value says nothing: null, 0, an empty text, list or object.</summary>
    public static bool IsNothing(ReadOnlySpan<byte> value) =>
        value is [(byte)'0'] or [(byte)'"', (byte)'"'] or [(byte)'[', (byte)']'] or [(byte)'{', (byte)'}'] || value.SequenceEqual("null"u8);

    /// <summary>
    /// Sets what the response is billed for. An advisor's pass becomes a separate response of the advisor's model; so it has always been
    /// kept in ledgers.
    /// </summary>
    private static void Complete(
        ClaudeDraft draft, UsageCounts counts, List<ClaudePass> passes, bool statesCredit, UnknownMembers unknown, BillingDetails details)
    {
        var top = new Usage(counts.Input, counts.Output, counts.CacheRead, counts.CacheWrite) { CacheWrite1hTokens = counts.CacheWrite1h };
        draft.Advisors = [.. passes.Where(pass => pass.Kind == AnthropicIterations.Advisor && pass.Counts.Total > 0)];
        AnthropicBill bill = AnthropicIterations.Resolve(
            top, passes.Where(pass => pass.Kind != AnthropicIterations.Advisor).Select(pass => pass.ToPass()), draft.Model, statesCredit);
        foreach (string reason in bill.Unknown)
        {
            unknown.Add(reason);
        }

        BillingDetails billing = details with
        {
            Passes = bill.Passes,
            Unknown = unknown.ToReasons(),
        };
        draft.Counts = new UsageCounts(
            bill.Counts.InputTokens, bill.Counts.OutputTokens, bill.Counts.CacheReadTokens, bill.Counts.CacheWriteTokens)
        {
            CacheWrite1h = bill.Counts.CacheWrite1hTokens,
            Reasoning = counts.Reasoning,
        };
        (draft.Tier, draft.WebSearches) = (billing.Tier, billing.WebSearches);
        bool isNothing = draft.Counts.Total == 0 && !unknown.HasAmount; // nothing was billed
        draft.Billing = isNothing || billing with { Tier = ServiceTier.Standard, WebSearches = 0, Raw = null } == BillingDetails.Plain
            ? null
            : billing;
    }

    private static void ReadIterations(ref JsonCursor json, List<ClaudePass> passes, ref UnknownMembers unknown)
    {
        json.BeginArray();
        while (json.NextElement())
        {
            if (!json.AtObject())
            {
                json.Skip();
                continue;
            }

            var tokens = new ClaudeTokens();
            JsonString type = default, model = default;
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                if (name.Is("type"u8))
                {
                    LogText.Take(ref json, ref type);
                }
                else if (name.Is("model"u8))
                {
                    LogText.Take(ref json, ref model);
                }
                else if (!tokens.TryRead(name, ref json))
                {
                    unknown.Read("iterations.", name, ref json);
                }
            }

            tokens.AddTo(ref unknown);
            passes.Add(new ClaudePass(LogText.Read(type), model.Raw.IsEmpty ? null : LogText.Read(model), tokens.ToCounts()));
        }
    }

    private static void ReadTools(ref JsonCursor json, ref int searches, ref UnknownMembers unknown)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("web_search_requests"u8))
            {
                searches = (int)Math.Min(unknown.ReadCount("server_tool_use.", name, ref json), int.MaxValue);
            }
            else if (name.Is("web_fetch_requests"u8))
            {
                json.Skip();
            }
            else
            {
                unknown.Read("server_tool_use.", name, ref json);
            }
        }
    }

    /// <summary>Reads whether a fallback's credit was used up. Where it was, a part of the input has another price.</summary>
    private static void ReadCredit(ref JsonCursor json, ref UnknownMembers unknown, ref bool statesCredit)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (!name.Is("status"u8) || !json.AtObject())
            {
                unknown.Read("fallback_credit.", name, ref json);
                continue;
            }

            json.BeginObject();
            while (json.NextProperty(out name))
            {
                JsonString type = default;
                if (name.Is("type"u8))
                {
                    LogText.Take(ref json, ref type);
                    statesCredit = !type.Raw.IsEmpty;
                    if (statesCredit && !type.Is("not_applied"u8))
                    {
                        unknown.Add("fallback_credit.status.type", type.Raw);
                    }
                }
                else
                {
                    unknown.Read("fallback_credit.status.", name, ref json);
                }
            }
        }
    }

    /// <summary>Adds a rate to the one that is known. False when there is no price for it, or for both at once.</summary>
    private static bool Add(ref ServiceTier tier, ServiceTier other)
    {
        if (other == ServiceTier.Standard || other == tier)
        {
            return true;
        }

        tier = tier == ServiceTier.Standard ? other : ServiceTier.Other;
        return tier != ServiceTier.Other;
    }

    /// <summary>The object as it is kept; null where it is not JSON that every reader takes.</summary>
    private static string? Keep(ReadOnlySpan<byte> raw)
    {
        if (!Utf8.IsValid(raw))
        {
            return null;
        }

        var json = new JsonCursor(raw);
        try
        {
            json.Skip();
            return Encoding.UTF8.GetString(raw);
        }
        catch (WireException)
        {
            return null; // the counts were read leniently, and say what is wrong
        }
    }
}
