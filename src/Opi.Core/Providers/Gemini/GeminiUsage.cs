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
    private const string Grounding = "groundingMetadata";

    /// <summary>Why the cost of a search at Google is not known.</summary>
    public const string SearchFee = "the fee of a search depends on a free quota, which is not in the reply";

    private static readonly string[] Details =
        ["promptTokensDetails", "cacheTokensDetails", "toolUsePromptTokensDetails", "candidatesTokensDetails", "responseTokensDetails"];

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
        string made = Details[bill.Count(Candidates) is null ? 4 : 3];
        new GeminiModalities(Details[0], Details[1], Details[2], made, "tokenCount").Read(bill, prompt, cached, tools, answer);
        Tiers.Apply(bill, "serviceTier", bill.Source.Get("serviceTier"));
        Traffic.Apply(bill, "trafficType", bill.Source.Get("trafficType"));
        if (excerpt.Get(Grounding) is not null)
        {
            bill.AddUnknown(Grounding, SearchFee);
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
