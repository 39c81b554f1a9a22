namespace Opi;

/// <summary>
/// The hits that were given: the same session may be in two places, and some agents log a message in two lines.
/// </summary>
internal sealed class SeenHits
{
    /// <summary>How far apart the two lines of a message are at most.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private readonly HashSet<(UsageSource, string?, string?, SearchPart, string)> _entries = [];
    private readonly Dictionary<(string?, SearchPart, string), List<(DateTimeOffset Time, bool IsRepeat)>> _seen = [];

    /// <summary>Whether a hit was not given yet; from now on it was.</summary>
    public bool IsNews(OpiSearchHit hit) =>
        _entries.Add((hit.Source, hit.SessionId, hit.EntryId, hit.Part, hit.Line)) && (hit.Source != UsageSource.Codex || IsFirst(hit));

    /// <summary>Whether the other line with it was not given.</summary>
    private bool IsFirst(OpiSearchHit hit)
    {
        if (!_seen.TryGetValue((hit.SessionId, hit.Part, hit.Line), out List<(DateTimeOffset Time, bool IsRepeat)>? seen))
        {
            _seen[(hit.SessionId, hit.Part, hit.Line)] = seen = [];
        }

        DateTimeOffset time = hit.Timestamp ?? default;
        int other = seen.FindIndex(known => known.IsRepeat != hit.IsRepeat && (known.Time - time).Duration() <= Moment);
        if (other >= 0)
        {
            seen.RemoveAt(other); // each has one
            return false;
        }

        seen.Add((time, hit.IsRepeat));
        return true;
    }
}
