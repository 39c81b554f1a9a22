using System.Globalization;

namespace Opi;

/// <summary>
/// Gives each response of Opi's sessions once. A response belongs to the session that it was first written in; a fork has only what it
/// added. Sessions that are not forks are given as they are read and then forgotten. Forks wait for the end, when their origins are known.
/// </summary>
internal sealed class OpiMerge(UsageQuery query) : UsageMerge
{
    private readonly OpiOrigins _origins = new();
    private readonly List<LogPart> _later = [];
    private readonly Dictionary<string, IdleTurn> _silent = new(StringComparer.Ordinal); // sessions without a response, by their ids
    private readonly List<IdleTurn> _idle = [];
    private readonly HashSet<string> _given = new(StringComparer.Ordinal); // the keys that the later files gave

    /// <inheritdoc/>
    public override bool IsUnique => true;

    /// <inheritdoc/>
    public override IReadOnlyCollection<IdleTurn> IdleTurns => [.. _idle, .. _silent.Values];

    /// <inheritdoc/>
    public override IReadOnlyCollection<UsageFinding> Findings => _origins.Findings;

    /// <inheritdoc/>
    public override IEnumerable<UsageDraft> Add(LogPart part)
    {
        if (part.State is not OpiFile file)
        {
            _origins.AddUnread(part.File.Path);
            yield break;
        }

        if (file.Header.ParentSession is not null || !_origins.TryAdd(file))
        {
            _later.Add(part);
            yield break;
        }

        IdleTurn[] idle = [.. file.IdlePrompts.Select(prompt => IdleOf(file, prompt.Prompt, prompt.Turn))];
        _idle.AddRange(idle);
        if (part.Drafts.Count == 0)
        {
            _silent.Add(file.Id, SilentOf(file, idle));
        }

        foreach (OpiDraft draft in part.Drafts.Cast<OpiDraft>())
        {
            yield return Complete(draft, file.Id);
        }

        part.Drafts.Clear();
        part.Drafts.TrimExcess();
        part.State = null;
    }

    /// <inheritdoc/>
    public override IEnumerable<UsageDraft> End(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        _later.Sort((left, right) => OpiFile.CompareByAge((OpiFile)left.State!, (OpiFile)right.State!));
        foreach (LogPart part in _later)
        {
            _origins.TryAdd((OpiFile)part.State!);
        }

        _origins.AddFurther(_later.Select(part => (OpiFile)part.State!));
        using var lines = new OpiLines();
        foreach (LogPart part in _later)
        {
            foreach (UsageDraft draft in OwnOf(part, lines, cancellation))
            {
                yield return draft;
            }
        }
    }

    /// <summary>What a fork added, or a further file of a session has and the first one has not.</summary>
    private List<OpiDraft> OwnOf(LogPart part, OpiLines lines, CancellationToken cancellation)
    {
        var file = (OpiFile)part.State!;
        var own = new List<OpiDraft>();
        foreach (OpiDraft draft in part.Drafts.Cast<OpiDraft>())
        {
            cancellation.ThrowIfCancellationRequested();
            if (_origins.IsOwn(file, draft.Entry, lines, out string origin, cancellation) && _given.Add(KeyOf(origin, draft.Entry, draft.Line)))
            {
                own.Add(Complete(draft, origin));
            }
        }

        var idle = new List<IdleTurn>();
        foreach ((IndexedEntry prompt, int turn) in file.IdlePrompts)
        {
            if (_origins.IsOwn(file, prompt, lines, out string origin, cancellation) && _given.Add(KeyOf(origin, prompt)))
            {
                idle.Add(IdleOf(file, prompt, turn));
            }
        }

        _idle.AddRange(idle);
        if (own.Count > 0)
        {
            _silent.Remove(file.Id);
        }
        else if (_origins.IsFirst(file))
        {
            _silent.Add(file.Id, SilentOf(file, idle));
        }

        return own;
    }

    /// <summary>
    /// Gives a response its key, which is made of the session that it was first written in, its id and its time. One that names no model, in
    /// a file that names none before it, has the model that its session was opened with.
    /// </summary>
    private OpiDraft Complete(OpiDraft draft, string origin)
    {
        draft.Key = KeyOf(origin, draft.Entry, draft.Line);
        if (draft.Model is null && query.SessionModels.TryGetValue(draft.SessionId!, out string? model))
        {
            (string provider, string name) = ModelName.Split(model);
            draft.Model = name.Length == 0 ? null : name;
            draft.Provider = provider.Length == 0 ? null : provider;
        }

        return draft;
    }

    private static string KeyOf(string origin, IndexedEntry entry, long line = 0) =>
        line == 0
            ? $"opi:{origin}:{entry.Id}:{entry.Timestamp}"
            : string.Create(CultureInfo.InvariantCulture, $"opi:{origin}:{entry.Id}:{entry.Timestamp}:{line}");

    private static IdleTurn IdleOf(OpiFile file, IndexedEntry prompt, int turn) =>
        new(file.Id, turn, WireTime.Parse(prompt.Timestamp), file.Header.WorkingDirectory);

    private static IdleTurn SilentOf(OpiFile file, IReadOnlyList<IdleTurn> idle) =>
        new(file.Id, 0, idle.Count > 0 ? idle[0].Timestamp : file.Header.CreatedAt, file.Header.WorkingDirectory);
}
