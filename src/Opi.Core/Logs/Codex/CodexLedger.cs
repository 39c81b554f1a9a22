using System.Globalization;

namespace Opi;

/// <summary>
/// What the ledger has of Codex' threads: their running totals, which are in the keys of its rows. With them a fork's copies are recognised
/// when the parent's log is gone.
/// </summary>
internal sealed class CodexLedger
{
    private readonly Dictionary<string, List<Row>> _byThread = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Row>> _byParent = new(StringComparer.Ordinal);

    /// <summary>Takes in a row of the ledger.</summary>
    public void Add(UsageSource source, string? threadId, string? key, DateTimeOffset? time)
    {
        if (source != UsageSource.Codex || threadId is null || key is null || Read(threadId, key, time) is not { } row)
        {
            return;
        }

        AddTo(_byThread, threadId, row);
        if (row.ParentId is not null)
        {
            AddTo(_byParent, row.ParentId, row);
        }
    }

    /// <summary>The totals of a thread's own responses up to a time.</summary>
    public IEnumerable<(long Input, long Cached, long Output)> TotalsOf(string threadId, DateTimeOffset? until) =>
        _byThread.GetValueOrDefault(threadId, []).Where(row => !(row.Time > until)).Select(row => row.Total);

    /// <summary>The thread that a thread comes from, where the ledger has it; else null.</summary>
    public string? ParentOf(string threadId) => _byThread.GetValueOrDefault(threadId, []).Find(row => row.ParentId is not null)?.ParentId;

    /// <summary>The totals of the forks of a thread up to a time, without those of one of them.</summary>
    public IEnumerable<(long Input, long Cached, long Output)> TotalsOfForks(string parentId, string? without, DateTimeOffset? until) =>
        _byParent.GetValueOrDefault(parentId, []).Where(row => row.ThreadId != without && !(row.Time > until)).Select(row => row.Total);

    /// <summary>Reads a key: <c>codex:TIME:INPUT/CACHED/OUTPUT</c> or <c>codex:THREAD&lt;PARENT:INPUT/CACHED/OUTPUT#TIMES</c>.</summary>
    private static Row? Read(string threadId, string key, DateTimeOffset? time)
    {
        int colon = key.LastIndexOf(':');
        string[] counts = key[(colon + 1)..].Split('#')[0].Split('/');
        if (colon < "codex:".Length || counts is not [var input, var cached, var output]
            || !TryRead(input, out long first) || !TryRead(cached, out long second) || !TryRead(output, out long third))
        {
            return null;
        }

        string named = key["codex:".Length..colon];
        string? parent = named.StartsWith(threadId + "<", StringComparison.Ordinal) ? named[(threadId.Length + 1)..] : null;
        return new Row(threadId, parent, (first, second, third), time);
    }

    private static bool TryRead(string text, out long count) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static void AddTo(Dictionary<string, List<Row>> rows, string id, Row row)
    {
        if (!rows.TryGetValue(id, out List<Row>? list))
        {
            rows.Add(id, list = []);
        }

        list.Add(row);
    }

    private sealed record Row(string ThreadId, string? ParentId, (long Input, long Cached, long Output) Total, DateTimeOffset? Time);
}
