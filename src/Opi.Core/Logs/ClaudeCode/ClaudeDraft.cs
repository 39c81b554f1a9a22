using System.Text;

namespace Opi;

/// <summary>A response in a log of Claude Code.</summary>
internal sealed class ClaudeDraft : UsageDraft
{
    private const int LongIdLength = 24;

    /// <summary>The id of the message or, without one, of the request or the line. Null until it is needed.</summary>
    public string? MessageKey { get; set; }

    /// <summary>Whether <see cref="MessageKey"/> is the id of the message.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Whether the id is one that Anthropic made, and so comes once, or was made up for a message without one.</summary>
    public bool HasUniqueId { get; set; }

    /// <summary>The request; null also where <see cref="HasUniqueId"/> makes it needless.</summary>
    public string? RequestId { get; set; }

    /// <summary>The time of its first line in the file.</summary>
    public DateTimeOffset? Began { get; set; }

    /// <summary>Other models that were asked within the response, each with its own tokens.</summary>
    public IReadOnlyList<ClaudePass> Advisors { get; set; } = [];

    /// <summary>Whether there is something to bill, or something that may be.</summary>
    public bool IsBilled => Counts.Total > 0 || WebSearches > 0 || Billing is { Unknown.Length: > 0 };

    /// <summary>Whether Anthropic made the id of a message: then it comes once.</summary>
    public static bool IsUnique(ReadOnlySpan<byte> messageId) => messageId.Length >= LongIdLength && messageId.StartsWith("msg_"u8);

    /// <summary>Whether a draft with the same <see cref="MessageKey"/> is of the same response.</summary>
    public bool IsSameResponse(ClaudeDraft other)
    {
        if (HasUniqueId)
        {
            return true;
        }

        if (RequestId is not null && other.RequestId is not null)
        {
            return RequestId == other.RequestId || ((IsSidechain || other.IsSidechain) && HasSameInput(other));
        }

        return HasSameInput(other);
    }

    public override void Clear()
    {
        base.Clear();
        (MessageKey, RequestId, IsNamed, HasUniqueId, Began, Advisors) = (null, null, false, false, null, []);
    }

    public override void Absorb(UsageDraft other)
    {
        base.Absorb(other);
        RequestId ??= ((ClaudeDraft)other).RequestId;
    }

    public string MakeKey() =>
        HasUniqueId ? $"claude:{MessageKey}"
        : RequestId is not null ? $"claude:{MessageKey}:{RequestId}"
        : FormattableString.Invariant($"claude:{MessageKey}:{Counts.Input}/{Counts.CacheRead}/{Counts.CacheWrite}");

    /// <summary>The response of an advisor.</summary>
    public UsageDraft MakeAdvisor(int index) => new()
    {
        Source = Source,
        Timestamp = Timestamp,
        SessionId = SessionId,
        Project = Project,
        Model = Advisors[index].Model,
        Provider = ClaudeLineReader.ProviderOf(Advisors[index].Model, Encoding.UTF8.GetBytes(ResponseId ?? "")),
        Counts = Advisors[index].Counts,
        IsSidechain = IsSidechain,
        Tier = Tier,
        Billing = Billing is { UsInference: true } ? new BillingDetails(Tier) { UsInference = true } : null,
        ResponseId = ResponseId,
        Path = Path,
        Key = FormattableString.Invariant($"{Key}:advisor-{index + 1}"),
    };

    protected override void TakeTokens(UsageDraft other)
    {
        base.TakeTokens(other);
        Advisors = ((ClaudeDraft)other).Advisors;
    }

    /// <summary>Whether the same went into the model, as far as known: the first line of a streamed response may not have it yet.</summary>
    private bool HasSameInput(ClaudeDraft other)
    {
        (UsageCounts own, UsageCounts its) = (Counts, other.Counts);
        return (own.Input, own.CacheRead, own.CacheWrite) == (its.Input, its.CacheRead, its.CacheWrite)
            || own.Input + own.CacheRead + own.CacheWrite == 0
            || its.Input + its.CacheRead + its.CacheWrite == 0;
    }
}
