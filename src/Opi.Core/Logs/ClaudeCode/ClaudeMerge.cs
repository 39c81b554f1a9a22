using System.Runtime.InteropServices;

namespace Opi;

/// <summary>
/// Brings the responses of all files together. The lines of one response have the same message id. Ids that a gateway
/// made up may come again: then the request must be the same too or, where none is named or one line is a replay in a side conversation,
/// what went into the model.
/// </summary>
internal sealed class ClaudeMerge : UsageMerge
{
    /// <summary>How far lines may be out of order without having been copied: subagents work side by side.</summary>
    private static readonly long Disorder = TimeSpan.FromMinutes(5).Ticks;

    private readonly Dictionary<(ClaudeResponses Part, int Index), List<(ClaudeResponses Part, int Index)>> _others = [];
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool IsUnique => true;

    /// <inheritdoc/>
    public override IEnumerable<UsageDraft> End(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        for (int start = 0, end; start < parts.Count; start = end)
        {
            end = UsageLog.EndOfFile(parts, start);
            MarkCopies(parts, start, end);
        }

        ClaudeResponses[] ordered = [.. UsageLog.InOrderOfTime(parts).Select(part => part.Packed).OfType<ClaudeResponses>()];
        BringTogether(ordered, cancellation);
        var draft = new ClaudeDraft();
        var regions = new BedrockRegions(PricingCatalog.Default);
        foreach (ClaudeResponses part in ordered)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < part.Count; i++)
            {
                if (part[i].IsAbsorbed)
                {
                    continue;
                }

                part.Read(i, draft);
                draft.Key = draft.MakeKey();
                regions.Note(draft);
                if (draft.IsBilled && IsNew(draft, part[i].IsAmbiguous))
                {
                    yield return draft;
                }

                for (int index = 0; index < draft.Advisors.Count; index++)
                {
                    UsageDraft advisor = draft.MakeAdvisor(index);
                    if (IsNew(advisor, part[i].IsAmbiguous))
                    {
                        yield return advisor;
                    }
                }
            }
        }
    }

    /// <summary>Whether no other has the same key. Only responses that have their id with others can have one with them.</summary>
    private bool IsNew(UsageDraft draft, bool isAmbiguous) => !isAmbiguous || _given.Add(draft.Key!);

    /// <summary>A log is written in the order of time: what is followed by older lines was copied from another session when this one began.</summary>
    private static void MarkCopies(IReadOnlyList<LogPart> parts, int start, int end)
    {
        long oldest = long.MaxValue;
        bool isFirstCopied = false;
        for (int place = end - 1; place >= start; place--)
        {
            if (parts[place].Packed is not ClaudeResponses { Count: > 0 } part)
            {
                continue;
            }

            isFirstCopied = false;
            for (int i = part.Count - 1; i >= 0; i--)
            {
                if (part[i].Began is not { } began)
                {
                    continue;
                }

                bool copied = began - Disorder > oldest;
                part[i].IsReplay |= copied;
                oldest = Math.Min(began, oldest);
                isFirstCopied = copied && i == 0;
            }
        }

        if (isFirstCopied)
        {
            parts[start].File.Began = new DateTimeOffset(oldest, TimeSpan.Zero);
        }
    }

    /// <summary>Has the first response of each id take in the others that are the same.</summary>
    private void BringTogether(ClaudeResponses[] parts, CancellationToken cancellation)
    {
        var first = new Dictionary<ClaudeId, (ClaudeResponses Part, int Index)>(parts.Sum(part => part.Count));
        foreach (ClaudeResponses part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < part.Count; i++)
            {
                ref (ClaudeResponses Part, int Index) place = ref CollectionsMarshal.GetValueRefOrAddDefault(first, part.IdAt(i), out bool isKnown);
                if (isKnown)
                {
                    Add(place, (part, i));
                }
                else
                {
                    place = (part, i);
                }
            }
        }
    }

    private void Add((ClaudeResponses Part, int Index) first, (ClaudeResponses Part, int Index) next)
    {
        List<(ClaudeResponses Part, int Index)>? others = _others.GetValueOrDefault(first);
        ref ClaudeResponse response = ref next.Part[next.Index];
        foreach ((ClaudeResponses part, int index) in (IEnumerable<(ClaudeResponses, int)>)[first, .. others ?? []])
        {
            if (part[index].IsSame(response))
            {
                part[index].Absorb(ref response);
                return;
            }
        }

        if (others is null)
        {
            _others.Add(first, others = []);
        }

        others.Add(next);
        first.Part[first.Index].IsAmbiguous = response.IsAmbiguous = true;
    }
}
