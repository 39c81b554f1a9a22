using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>Collects the usage of a reply: its counts, what else is billed, and what is not understood.</summary>
/// <param name="table">The members that are known.</param>
/// <param name="usage">The usage object.</param>
/// <param name="raw">What is kept of the reply.</param>
internal sealed class UsageBill(UsageTable table, JsonElement usage, string? raw)
{
    /// <summary>A double holds whole numbers up to here; what is larger is not a count of tokens.</summary>
    private const long LargestCount = 1L << 53;

    private const int MaxUnknown = 20;
    private const int LongestText = 100;

    private readonly List<string> _unknown = [];
    private readonly List<BilledFee> _fees = [];
    private readonly List<UsagePass> _passes = [];
    private readonly List<MediaTokens> _media = [];

    public JsonElement Source => usage;

    public long Input { get; set; }

    public long Output { get; set; }

    public long CacheRead { get; set; }

    public long CacheWrite { get; set; }

    public long? CacheWrite1h { get; set; }

    public long? Reasoning { get; set; }

    public ServiceTier Tier { get; private set; }

    public long WebSearches { get; set; }

    public bool UsInference { get; set; }

    public decimal? StatedCost { get; private set; }

    public string? StatedBy { get; private set; }

    private long? Context { get; set; }

    /// <summary>A count of the usage, with points between the names; null when it is missing, 0 when it is not a count.</summary>
    public long? Count(string path) => CountIn(usage, path);

    /// <summary>A count of another object.</summary>
    public static long? CountIn(JsonElement of, string path) => Find(of, path) is { } value ? CountOf(value) ?? 0 : null;

    /// <summary>A member of an object by its path; null when it is not there or is null.</summary>
    public static JsonElement? Find(JsonElement of, string path)
    {
        JsonElement? found = of;
        foreach (string name in path.Split('.'))
        {
            found = found?.Get(name);
        }

        return found;
    }

    /// <summary>Whether the usage has a member that is neither null nor zero.</summary>
    public bool Has(string path) => Find(usage, path) is { } value && !IsNothing(value);

    public void AddUnknown(string member, JsonElement value) => Note($"{Show(member)}={Show(TextOf(value))}");

    /// <summary>Notes what has no known price, and why.</summary>
    public void AddUnknown(string member, string why) => Note($"{Show(member)}: {why}");

    /// <summary>Adds a rate. Two at once that are not list price have no known price together.</summary>
    public void AddTier(ServiceTier tier, string member)
    {
        if (tier == ServiceTier.Standard || tier == Tier)
        {
            return;
        }

        if (Tier != ServiceTier.Standard)
        {
            AddUnknown(member, $"{tier} together with {Tier} has no published price");
            tier = ServiceTier.Other;
        }

        Tier = tier;
    }

    /// <summary>Sets what the provider says that the response cost.</summary>
    public void SetStatedCost(decimal cost, string by) => (StatedCost, StatedBy) = (cost, by);

    /// <summary>Adds calls that are billed by the call; none adds nothing.</summary>
    public void AddFee(string kind, long count)
    {
        if (count > 0)
        {
            _fees.Add(new BilledFee(kind, count));
        }
    }

    /// <summary>Adds a pass. Its tokens must be in the counts.</summary>
    public void AddPass(UsagePass pass) => _passes.Add(pass);

    /// <summary>Adds the part of the counts that is of another kind, if there is one.</summary>
    public void AddMedia(string kind, long input, long output, long cacheRead = 0)
    {
        if (input > 0 || output > 0 || cacheRead > 0)
        {
            _media.Add(new MediaTokens(kind, input, output, cacheRead));
        }
    }

    /// <summary>Sets the context's size: null if it is the sum of the counts, 0 if it is not known.</summary>
    public void SetContext(long? tokens) => Context = tokens;

    /// <summary>Notes when a part is larger than its whole.</summary>
    public void CheckPart(string member, long? part, long whole)
    {
        if (part > whole)
        {
            AddUnknown(member, string.Create(CultureInfo.InvariantCulture, $"{part} is more than the {whole} that it is a part of"));
        }
    }

    /// <summary>Notes when two members that should be equal are not.</summary>
    public void CheckEqual(string member, long? stated, long expected)
    {
        if (stated is { } count && count != expected)
        {
            AddUnknown(member, string.Create(CultureInfo.InvariantCulture, $"{count} is not the sum of its parts, {expected}"));
        }
    }

    /// <summary>Checks every member of the usage, and notes unknown members and invalid values.</summary>
    public void CheckMembers() => CheckMembers("", usage);

    /// <summary>Checks every member of something that is billed besides the usage.</summary>
    public void CheckMembers(string path, JsonElement? value)
    {
        if (value is { } given)
        {
            Check(given, path, isUnpriced: false, ReplyExcerpt.MaxDepth);
        }
    }

    public Usage ToUsage() => new(Input, Output, CacheRead, CacheWrite)
    {
        CacheWrite1hTokens = CacheWrite1h,
        ReasoningTokens = Reasoning,
        Billing = new BillingDetails(Tier, (int)Math.Min(WebSearches, int.MaxValue))
        {
            UsInference = UsInference,
            Fees = [.. _fees],
            Passes = [.. _passes],
            Media = [.. _media],
            StatedCost = StatedCost,
            StatedBy = StatedBy,
            Unknown = [.. _unknown],
            ContextTokens = Context == new Usage(Input, Output, CacheRead, CacheWrite).TotalTokens ? null : Context,
            Raw = raw,
        },
    };

    public static decimal? MoneyOf(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out decimal amount) && amount >= 0 ? amount : null;

    /// <summary>Whether a value says nothing: null, zero, false, an empty text, list or object.</summary>
    public static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDouble(out double number) && number == 0,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Object => value.EnumerateObject().All(member => IsNothing(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsNothing),
        JsonValueKind.True => false,
        _ => true,
    };

    private void Check(JsonElement value, string path, bool isUnpriced, int depth)
    {
        if (IsNothing(value))
        {
            return;
        }

        MemberClass? known = isUnpriced ? MemberClass.Unpriced : path.Length == 0 ? null : table.Find(path);
        if (known == MemberClass.Free)
        {
            return;
        }

        if (depth == 0)
        {
            AddUnknown(path, "it nests too deep");
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    string name = member.Name.Replace('.', ':'); // a point would make two names of it
                    Check(member.Value, path.Length == 0 ? name : $"{path}.{name}", known == MemberClass.Unpriced, depth - 1);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Check(item, path, isUnpriced, depth - 1);
                }

                break;
            case JsonValueKind.True when known is null:
                break; // a switch is not an amount
            default:
                if (known is null)
                {
                    AddUnknown(path, value);
                }
                else if (known is MemberClass.Unpriced)
                {
                    AddUnknown(path, $"it is {Show(TextOf(value))}, and no price of it is published");
                }
                else if (known is MemberClass.Count or MemberClass.Part or MemberClass.Calls && CountOf(value) is null)
                {
                    AddUnknown(path, $"{Show(TextOf(value))} is not a count");
                }

                break;
        }
    }

    private void Note(string reason)
    {
        if (_unknown.Count < MaxUnknown && !_unknown.Contains(reason))
        {
            _unknown.Add(_unknown.Count < MaxUnknown - 1 ? reason : "usage: it has more members that are not known");
        }
    }

    /// <summary>A whole number that is not negative and that a double can hold; null for anything else.</summary>
    private static long? CountOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && number is >= 0 and <= LargestCount && Math.Floor(number) == number
            && (!value.TryGetInt64(out long exact) || exact <= LargestCount)
            ? (long)number
            : null;

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Show(string text) => string.Concat((text.Length > LongestText ? text[..LongestText] + "..." : text)
        .Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
}
