namespace Opi;

/// <summary>A response of opencode. Its keys are made when they are asked for: a database has a hundred thousand of them.</summary>
internal sealed class OpenCodeDraft(string prefix, long reasoningBeside) : UsageDraft
{
    /// <summary>What stays where a message is moved or copied: the time, the model and the counts.</summary>
    public (long Time, string? Model, UsageCounts Counts, int Ordinal) Same =>
        (Timestamp?.UtcTicks ?? 0, Model, Counts with { Reasoning = reasoningBeside }, Ordinal);

    /// <summary>Its place among the messages of one session that have all of that in common; mostly 0.</summary>
    public int Ordinal { get; set; }

    /// <inheritdoc/>
    public override string? Key
    {
        get => Timestamp is not { } time
            ? Place
            : FormattableString.Invariant(
                $"{prefix}:{time.ToUnixTimeMilliseconds()}:{Model}:{Counts.Input}/{Counts.Output - reasoningBeside}/{reasoningBeside}/")
                + FormattableString.Invariant($"{Counts.CacheRead}/{Counts.CacheWrite}{(Ordinal > 0 ? $":{Ordinal}" : "")}");
        set => throw new NotSupportedException("It is made of the other members.");
    }

    /// <inheritdoc/>
    public override string? FormerKey
    {
        get => Timestamp is null ? null : Place;
        set => throw new NotSupportedException("It is made of the other members.");
    }

    private string Place => $"{prefix}:{SessionId}:{ResponseId}";
}
