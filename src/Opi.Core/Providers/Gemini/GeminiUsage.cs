using System.Text.Json;

namespace Opi;

/// <summary>
/// What Gemini bills. Thoughts are counted besides the candidates and billed as output; what tools put into the prompt is counted besides it and
/// billed as input; what came from the cache is part of the prompt. All names may also be written in snake_case.
/// </summary>
internal sealed class GeminiUsage : UsageShape
{
    private const string Prompt = "promptTokenCount";
    private const string Cached = "cachedContentTokenCount";
    private const string ToolUse = "toolUsePromptTokenCount";
    private const string Candidates = "candidatesTokenCount";
    private const string Response = "responseTokenCount";
    private const string Thoughts = "thoughtsTokenCount";
    private const string Total = "totalTokenCount";
    private const string AudioKind = "AUDIO";
    private const string ImageKind = "IMAGE";
    private const string Grounding = "groundingMetadata";

    private static readonly string[] Details =
        ["promptTokensDetails", "cacheTokensDetails", "toolUsePromptTokensDetails", "candidatesTokensDetails", "responseTokensDetails"];

    /// <summary>The kinds that have a price as input: the price of text, or for sound its own.</summary>
    private static readonly string[] OfInput = ["TEXT", "IMAGE", "VIDEO", "DOCUMENT", AudioKind];

    /// <summary>The kinds that have a price where the model makes them.</summary>
    private static readonly string[] OfOutput = ["TEXT", AudioKind, ImageKind];

    /// <summary>Members of the grounding that only a search has.</summary>
    private static readonly string[] SearchSigns = ["webSearchQueries", "imageSearchQueries", "searchEntryPoint", "googleMapsWidgetContextToken"];

    /// <summary>The rates of <c>serviceTier</c>.</summary>
    public static readonly RateTable Tiers = new(
        new Rate(null, "standard", ServiceTier.Standard),
        new Rate(null, "unspecified", ServiceTier.Standard),
        new Rate(null, "flex", ServiceTier.Flex),
        new Rate(null, "priority", ServiceTier.Priority),
        new Rate(null, "batch", ServiceTier.Batch));

    /// <summary>The rates of <c>trafficType</c>; the number is what some clients write for the name.</summary>
    public static readonly RateTable Traffic = new(
        new Rate(null, "ON_DEMAND", ServiceTier.Standard),
        new Rate(null, "1", ServiceTier.Standard),
        new Rate(null, "TRAFFIC_TYPE_UNSPECIFIED", ServiceTier.Standard),
        new Rate(null, "ON_DEMAND_FLEX", ServiceTier.Flex),
        new Rate(null, "ON_DEMAND_PRIORITY", ServiceTier.Priority),
        new Rate(null, "ON_DEMAND_OFFPEAK", ServiceTier.Other, "has no list price"),
        new Rate(null, "PROVISIONED_THROUGHPUT", ServiceTier.Other, "is paid by time"));

    /// <summary>The only instance, after the lists that it is made of.</summary>
    public static readonly GeminiUsage Instance = new();

    public override UsageTable Table { get; } = new(
        UsageTable.Of(MemberClass.Count, Prompt, Cached, ToolUse, Candidates, Response, Thoughts),
        UsageTable.Of(MemberClass.Count, [.. Details.Select(detail => detail + ".tokenCount")]),
        UsageTable.Of(MemberClass.Part, Total),
        UsageTable.Of(MemberClass.Rate, [.. Details.Select(detail => detail + ".modality")]),
        UsageTable.Of(MemberClass.Rate, "serviceTier", "trafficType"),
        UsageTable.Of(MemberClass.Free, "initialPromptTokenCount"));

    public override string? UsageName => "usageMetadata";

    /// <summary>The usage of a reply or of a piece; null when it has none.</summary>
    public static JsonElement? Of(JsonElement reply) => reply.Get("usageMetadata") ?? reply.Get("usage_metadata");

    public override JsonElement WithTableNames(JsonElement usage) => ReplyExcerpt.Renamed(usage, (path, name) =>
    {
        string camel = ToCamelCase(name);
        string place = path.Length == 0 ? camel : $"{path}.{camel}";
        return Table.Find(place) is not null || Details.Contains(place) ? camel : name;
    });

    public override void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        long prompt = bill.Count(Prompt) ?? 0;
        long tools = bill.Count(ToolUse) ?? 0;
        long cached = bill.Count(Cached) ?? 0;
        long answer = bill.Count(Candidates) ?? bill.Count(Response) ?? 0;
        if (bill.Count(Candidates) > 0 && bill.Count(Response) > 0)
        {
            bill.CheckEqual(Response, bill.Count(Response), answer);
        }

        bill.Reasoning = bill.Count(Thoughts);
        long thoughts = bill.Reasoning ?? 0;
        bill.CheckPart(Cached, cached, prompt);
        cached = Math.Min(cached, prompt);
        (bill.Input, bill.CacheRead, bill.Output) = (prompt - cached + tools, cached, answer + thoughts);
        bill.CheckEqual(Total, bill.Count(Total), prompt + tools + answer + thoughts);
        bill.SetContext(prompt + answer + thoughts);
        ReadKinds(bill, prompt, cached, tools, answer);
        Tiers.Apply(bill, "serviceTier", bill.Source.Get("serviceTier"));
        Traffic.Apply(bill, "trafficType", bill.Source.Get("trafficType"));
        if (excerpt.Get(Grounding) is not null)
        {
            bill.AddUnknown(Grounding, "the fee of a search depends on a free quota, which is not in the reply");
        }

        if (origin.IsBatch)
        {
            bill.AddTier(ServiceTier.Batch, "batch");
        }
    }

    /// <summary>Of several pieces each has the sums so far, and a member may be missing in a later one.</summary>
    public BilledReply Take(IReadOnlyList<JsonElement> pieces) => new(this, ReplyExcerpt.Of(writer =>
    {
        var members = new Dictionary<string, JsonElement>();
        var order = new List<string>();
        JsonElement? other = null;
        foreach (JsonElement usage in pieces.Select(Of).OfType<JsonElement>())
        {
            if (usage.ValueKind != JsonValueKind.Object)
            {
                other = usage;
                continue;
            }

            foreach (JsonProperty member in usage.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
            {
                if (members.TryAdd(member.Name, member.Value))
                {
                    order.Add(member.Name);
                }

                members[member.Name] = member.Value;
            }
        }

        if (order.Count > 0)
        {
            writer.WriteStartObject(UsageName!);
            order.ForEach(name => ReplyExcerpt.WriteMember(writer, name, members[name]));
            writer.WriteEndObject();
        }
        else if (other is { } none)
        {
            ReplyExcerpt.WriteMember(writer, UsageName!, none);
        }

        string[] searches = [.. pieces.SelectMany(piece => piece.Items("candidates")).SelectMany(SearchesOf).Distinct()];
        if (searches.Length > 0)
        {
            writer.WriteStartArray(Grounding);
            Array.ForEach(searches, writer.WriteStringValue);
            writer.WriteEndArray();
        }
    }));

    protected override void Write(Utf8JsonWriter writer, JsonElement reply) => throw new NotSupportedException("A reply is read as its pieces.");

    /// <summary>The kinds of tokens that have their own price: sound everywhere, images where the model made them.</summary>
    private static void ReadKinds(UsageBill bill, long prompt, long cached, long tools, long answer)
    {
        Dictionary<string, long> given = KindsOf(bill, Details[0], prompt);
        Dictionary<string, long> fromCache = KindsOf(bill, Details[1], cached);
        Dictionary<string, long> fromTools = KindsOf(bill, Details[2], tools);
        Dictionary<string, long> made = KindsOf(bill, Details[bill.Count(Candidates) is null ? 4 : 3], answer);
        long heard = given.GetValueOrDefault(AudioKind);
        long heardBefore = fromCache.GetValueOrDefault(AudioKind);
        if (heard > 0 && cached > 0 && fromCache.Count == 0)
        {
            bill.AddUnknown(Details[1], "how much of the sound came from the cache is not in the reply");
        }

        bill.CheckPart(Details[1], heardBefore, heard);
        bill.AddMedia(
            MediaTokens.Audio,
            Math.Min(Math.Max(0, heard - heardBefore) + fromTools.GetValueOrDefault(AudioKind), bill.Input),
            Math.Min(made.GetValueOrDefault(AudioKind), bill.Output),
            Math.Min(heardBefore, bill.CacheRead));
        bill.AddMedia(MediaTokens.Image, 0, Math.Min(made.GetValueOrDefault(ImageKind), bill.Output));
        foreach ((string list, Dictionary<string, long> kinds) in (ReadOnlySpan<(string, Dictionary<string, long>)>)
            [(Details[0], given), (Details[1], fromCache), (Details[2], fromTools), (Details[3], made)])
        {
            string[] priced = ReferenceEquals(kinds, made) ? OfOutput : OfInput;
            foreach ((string kind, long count) in kinds.Where(kind => kind.Value > 0 && !priced.Contains(kind.Key)))
            {
                bill.AddUnknown(list + ".modality", $"{count} tokens of the kind '{kind}' have no known price");
            }
        }
    }

    private static Dictionary<string, long> KindsOf(UsageBill bill, string list, long whole)
    {
        var kinds = new Dictionary<string, long>();
        foreach (JsonElement entry in bill.Source.Items(list).Where(entry => entry.ValueKind == JsonValueKind.Object))
        {
            string kind = (entry.Text("modality") ?? "").ToUpperInvariant();
            kind = kind == "1" ? "TEXT" : kind;
            kinds[kind] = TokenMath.Add(kinds.GetValueOrDefault(kind), UsageBill.CountIn(entry, "tokenCount") ?? 0);
        }

        bill.CheckPart(list, kinds.Values.Aggregate(0L, TokenMath.Add), whole);
        return kinds;
    }

    /// <summary>The signs of a search that is billed. Passages of one's own files and pages that were named cost nothing but tokens.</summary>
    private static IEnumerable<string> SearchesOf(JsonElement candidate)
    {
        JsonElement grounding = candidate.Object("groundingMetadata") ?? candidate.Object("grounding_metadata") ?? default;
        foreach (string name in SearchSigns.Where(name => Any(grounding, name)))
        {
            yield return name;
        }

        JsonElement? chunks = grounding.Get("groundingChunks") ?? grounding.Get("grounding_chunks");
        foreach (JsonElement chunk in chunks.Items().Where(chunk => chunk.ValueKind == JsonValueKind.Object))
        {
            foreach (JsonProperty kind in chunk.EnumerateObject().Where(kind => kind.Value.ValueKind == JsonValueKind.Object))
            {
                if (kind.Name is not ("retrievedContext" or "retrieved_context"))
                {
                    yield return "groundingChunks." + kind.Name;
                }
            }
        }

        foreach (JsonElement part in candidate.Object("content")?.Items("parts") ?? [])
        {
            JsonElement call = part.Object("toolCall") ?? part.Object("tool_call") ?? default;
            if ((call.Text("toolType") ?? call.Text("tool_type"))?.StartsWith("GOOGLE_", StringComparison.Ordinal) == true)
            {
                yield return "toolCall";
            }
        }
    }

    private static bool Any(JsonElement grounding, string name) =>
        grounding.ValueKind == JsonValueKind.Object
            && grounding.EnumerateObject().Any(member => ToCamelCase(member.Name) == name && !UsageBill.IsNothing(member.Value));

    private static string ToCamelCase(string name)
    {
        string[] words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 2 ? name : words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
