namespace Opi;

/// <summary>A response as it is read, before copies are brought together and it becomes a row.</summary>
internal class UsageDraft
{
    public UsageSource Source { get; set; }

    /// <summary>The name of a source that is not known; else null.</summary>
    public string? SourceName { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public string? SessionId { get; set; }

    public string? Project { get; set; }

    public string? Model { get; set; }

    public string? Provider { get; set; }

    /// <summary>The tokens.</summary>
    public UsageCounts Counts { get; set; }

    public bool IsSidechain { get; set; }

    public ServiceTier Tier { get; set; }

    public int WebSearches { get; set; }

    /// <summary>What the bill depends on besides the counts, the tier and the searches; null for nothing.</summary>
    public BillingDetails? Billing { get; set; }

    public string? ResponseId { get; set; }

    public string? Path { get; set; }

    public virtual string? Key { get; set; }

    /// <summary>The key that an earlier Opi gave it, which a ledger may have; null for the same.</summary>
    public virtual string? FormerKey { get; set; }

    /// <summary>The machine that it is from; null for this one.</summary>
    public string? Machine { get; set; }

    /// <summary>The user that it is of; null for this one.</summary>
    public string? User { get; set; }

    public int Turn { get; set; }

    public bool IsKnown { get; set; } = true;

    /// <summary>Whether it made the summary of a compaction.</summary>
    public bool IsCompaction { get; set; }

    /// <summary>Whether nothing came of it.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether it is known to be a copy of what another session or the main conversation has, which is then where it belongs.</summary>
    public bool IsReplay { get; set; }

    /// <summary>The cost that the log has, in USD; null when it has none.</summary>
    public decimal? LoggedCost { get; set; }

    /// <summary>The model as prices are found by it.</summary>
    public string? Spec => ModelName.Join(Provider ?? "", Model ?? "");

    /// <summary>A separate copy, which can be merged with others while this one stays as it was read.</summary>
    public UsageDraft Copy() => (UsageDraft)MemberwiseClone();

    /// <summary>Makes it as a new one is, to be used again.</summary>
    public virtual void Clear()
    {
        (Source, SourceName, Timestamp) = (default, null, null);
        (SessionId, Project, Path, Machine, User) = (null, null, null, null, null);
        (Model, Provider, ResponseId, Key, FormerKey) = (null, null, null, null, null);
        (Counts, Tier, WebSearches, Billing, LoggedCost) = (default, default, 0, null, null);
        (Turn, IsKnown, IsCompaction, HasFailed, IsSidechain, IsReplay) = (0, true, false, false, false, false);
    }

    /// <summary>
    /// Takes in another copy of this response, from a later line or file. The larger copy's tokens are right (the earlier lines of a
    /// streamed response have only a part); where and whose it was stays, unless only this one is a replay.
    /// </summary>
    public virtual void Absorb(UsageDraft other)
    {
        long own = Counts.Total, its = other.Counts.Total;
        if (its > own || (its == own && other.Timestamp < Timestamp))
        {
            TakeTokens(other);
        }

        if (IsReplay && !other.IsReplay)
        {
            (SessionId, Project, Path, IsSidechain, IsReplay) = (other.SessionId, other.Project, other.Path, other.IsSidechain, other.IsReplay);
        }
    }

    protected virtual void TakeTokens(UsageDraft other)
    {
        Counts = other.Counts;
        Timestamp = other.Timestamp ?? Timestamp;
        Model = other.Model ?? Model;
        Provider = other.Provider ?? Provider;
        Tier = other.Tier;
        WebSearches = other.WebSearches;
        Billing = other.Billing;
        LoggedCost = other.LoggedCost ?? LoggedCost;
    }
}
