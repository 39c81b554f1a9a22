namespace Opi;

/// <summary>Tests what was said against a request, and makes the rows.</summary>
internal sealed class HitFilter
{
    private readonly SearchRequest _request;
    private readonly SearchTerm? _term;
    private readonly FileMention? _file;
    private readonly ProjectFilter _projects;
    private readonly ModelFilter _models;
    private readonly Wildcard[] _sessions;
    private readonly Wildcard[] _tools;
    private readonly CancellationToken _cancellation;

    /// <summary>Reads a request.</summary>
    /// <exception cref="InvalidWildcardException">A pattern cannot be read.</exception>
    public HitFilter(SearchRequest request, CancellationToken cancellation)
    {
        (_request, _cancellation) = (request, cancellation);
        _term = SearchTerm.Of(request);
        _file = request.File is null ? null : new FileMention(request.File, request.CaseSensitive);
        _projects = new ProjectFilter(request.Projects);
        _models = new ModelFilter(request.Models);
        _sessions = [.. request.Sessions.Select(pattern => new Wildcard(pattern))];
        _tools = [.. request.Tools.Select(pattern => new Wildcard(pattern))];
        string literal = request.Pattern is { } pattern ? SearchLiteral.Of(pattern.ToString(), request.CaseSensitive) : request.Text ?? "";
        var sieve = new ByteSieve(literal, request.CaseSensitive);
        Sieve = sieve.TakesAll && _file is not null ? new ByteSieve(_file.Literal, request.CaseSensitive) : sieve;
    }

    /// <summary>Finds in raw bytes where a hit may be.</summary>
    public ByteSieve Sieve { get; }

    /// <summary>The hits in an entry.</summary>
    /// <param name="said">The entry.</param>
    /// <param name="source">Whose log it is in.</param>
    /// <param name="path">The file.</param>
    /// <param name="toolOf">Gives the tool of a call.</param>
    public IEnumerable<OpiSearchHit> HitsOf(LogEntry said, UsageSource source, string path, Func<string, string> toolOf)
    {
        if ((_request.Since is not null && !(said.Time >= _request.Since))
            || (_request.Until is not null && !(said.Time < _request.Until))
            || !_projects.Takes(said.Project)
            || (_sessions.Length > 0 && !Array.Exists(_sessions, pattern => pattern.IsMatch(said.SessionId ?? ""))))
        {
            yield break;
        }

        foreach (SaidText text in SaidTexts.Of(said.Entry))
        {
            _cancellation.ThrowIfCancellationRequested();
            if (HitOf(text, toolOf) is var (shown, hit, count, tool))
            {
                (string line, int start, int length) = Excerpt.Of(shown, hit, _request.Context);
                yield return new OpiSearchHit
                {
                    Source = source,
                    SessionId = said.SessionId,
                    Project = said.Project,
                    Timestamp = said.Time,
                    Role = text.Role,
                    Part = text.Part,
                    Tool = string.IsNullOrEmpty(tool) ? null : tool,
                    Model = ModelName.Join(text.Model.Provider ?? "", text.Model.Name ?? ""),
                    Line = line,
                    Mark = (start, length),
                    Hits = count,
                    EntryId = said.Entry.Id,
                    Path = path,
                    IsRepeat = said.IsRepeat,
                };
            }
        }
    }

    private (string Shown, (int Start, int Length) Hit, int Count, string? Tool)? HitOf(SaidText said, Func<string, string> toolOf)
    {
        bool isWanted = (_request.Roles.Count == 0 || _request.Roles.Contains(said.Role))
            && (_request.Models.Count == 0 || (said.Model != default && _models.Takes(said.Model.Provider, said.Model.Name)))
            && (_tools.Length == 0 || said.Tool is not null)
            && (_file is null || said.Part == SearchPart.ToolCall);
        if (!isWanted)
        {
            return null;
        }

        string shown = said.Text;
        (int Start, int Length) hit = (0, 0), file = (0, 0);
        if (_term is not null)
        {
            hit = _term.Find(shown, 0);
            if (hit.Length < 0 && LogLeaves.Text(shown) is { } inner)
            {
                (shown, hit) = (inner, _term.Find(inner, 0)); // a text that is JSON has its own escapes
            }

            if (hit.Length < 0)
            {
                return null;
            }
        }

        if (_file is not null && (file = _file.Find(shown)).Length < 0)
        {
            return null;
        }

        string? tool = said.Tool is { Length: 0 } && said.CallId is { Length: > 0 } call ? toolOf(call) : said.Tool;
        if (_tools.Length > 0 && !Array.Exists(_tools, pattern => pattern.IsMatch(tool ?? "")))
        {
            return null;
        }

        return (shown, _term is null ? file : hit, _term?.Count(shown, _cancellation) ?? 1, tool);
    }
}
