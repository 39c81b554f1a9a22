namespace Opi;

/// <summary>
/// Brings the messages of opencode's documents and databases together. What has the same time, model and counts is one response, but for
/// messages of one session: those are as many as there are ids.
/// </summary>
internal sealed class OpenCodeMerge : UsageMerge
{
    private readonly List<string> _copies = [];

    /// <summary>The keys that an earlier Opi gave the copies in forks.</summary>
    public override IReadOnlyCollection<string> RefutedKeys => _copies;

    /// <inheritdoc/>
    public override bool IsUnique => true;

    /// <inheritdoc/>
    public override IEnumerable<UsageDraft> End(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var taken = new Dictionary<(long, string?, UsageCounts, int), OpenCodeDraft>();
        var untimed = new Dictionary<string, UsageDraft>(StringComparer.Ordinal);
        foreach (UsageDraft draft in UsageLog.InOrderOfTime(parts).SelectMany(part => part.Drafts))
        {
            cancellation.ThrowIfCancellationRequested();
            if (draft is not OpenCodeDraft { Timestamp: not null } message)
            {
                if (!untimed.TryAdd(draft.Key!, draft))
                {
                    untimed[draft.Key!].Absorb(draft);
                }

                continue;
            }

            while (!taken.TryAdd(message.Same, message))
            {
                OpenCodeDraft known = taken[message.Same];
                if (known.SessionId != message.SessionId || known.ResponseId == message.ResponseId)
                {
                    Take(known, message);
                    break;
                }

                message.Ordinal++; // another message of this session
            }
        }

        return [.. taken.Values, .. untimed.Values];
    }

    private void Take(OpenCodeDraft known, OpenCodeDraft copy)
    {
        known.Absorb(copy);
        if (copy.FormerKey is { } former && former != known.FormerKey)
        {
            _copies.Add(former);
        }
    }
}
