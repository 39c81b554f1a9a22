namespace Opi;

/// <summary>
/// Brings the messages of opencode's documents and databases together. What has the same time, model and counts is one response, but for
/// messages of one session: those are as many as there are ids.
/// </summary>
internal sealed class OpenCodeMerge(UsageLog log) : UsageMerge
{
    private readonly List<string> _copies = [];

    /// <summary>The keys that an earlier Opi gave the copies in forks.</summary>
    public override IReadOnlyCollection<string> RefutedKeys => _copies;

    /// <inheritdoc/>
    public override IEnumerable<UsageDraft> End(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var ids = new Dictionary<(string?, string), List<string?>>();
        foreach (UsageDraft draft in parts.SelectMany(part => part.Drafts))
        {
            cancellation.ThrowIfCancellationRequested();
            (string?, string) place = (draft.SessionId, draft.Key!);
            if (!ids.TryGetValue(place, out List<string?>? known))
            {
                ids.Add(place, [draft.ResponseId]);
            }
            else if (known.IndexOf(draft.ResponseId) is var index and not 0)
            {
                index = index < 0 ? known.Count : index;
                known.Add(draft.ResponseId);
                draft.Key = FormattableString.Invariant($"{draft.Key}:{index}");
            }
        }

        UsageDraft[] drafts = [.. log.Merge(parts, cancellation)];
        HashSet<string> taken = [.. drafts.Select(draft => draft.FormerKey).OfType<string>()];
        _copies.AddRange(parts.SelectMany(part => part.Drafts).Select(draft => draft.FormerKey).OfType<string>().Where(key => !taken.Contains(key)));
        return drafts;
    }
}
