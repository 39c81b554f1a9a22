using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Opi.PowerShell.Commands;

/// <summary>Finds what was said in sessions and in other agents' logs.</summary>
[Cmdlet(VerbsCommon.Search, "OpiSession", DefaultParameterSetName = TextSet)]
[OutputType(typeof(OpiSearchHit))]
public sealed class SearchOpiSessionCommand : FilterCmdlet
{
    private const string TextSet = "Text";
    private const string PatternSet = "Pattern";
    private const string ContextTypeName = "Opi.OpiSearchHit#Context";

    private readonly List<string> _paths = [];
    private readonly List<string> _sessions = [];
    private bool _isMissing; // something that was named is not there
    private Regex? _pattern;
    private DateTimeOffset? _since;
    private DateTimeOffset? _until;

    /// <summary>The text to find.</summary>
    [Parameter(Position = 0, ParameterSetName = TextSet)]
    [ValidateNotNullOrEmpty]
    public string? Text { get; set; }

    /// <summary>A regular expression to find.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PatternSet)]
    [ValidateNotNullOrEmpty]
    public string? Pattern { get; set; }

    /// <summary>Whose logs.</summary>
    [Parameter]
    [Sources(UsageSource.Ledger)]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[]? Source { get; set; }

    /// <summary>Files and folders to search instead of the agents' own log folders.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? LogPath { get; set; }

    /// <summary>The folder of the sessions.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>Only these sessions: open ones, ids, which may have wildcards, or paths.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SupportsWildcards]
    public SessionReference? Session { get; set; }

    /// <summary>Only what these said.</summary>
    [Parameter]
    [Names<SearchRole>]
    public SearchRole[] Role { get; set; } = [];

    /// <summary>Only calls and results of these tools.</summary>
    [Parameter]
    [Patterns]
    [SupportsWildcards]
    public string[] ToolName { get; set; } = [];

    /// <summary>Only tool calls that name this file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? File { get; set; }

    /// <summary>Upper and lower case are different.</summary>
    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <summary>Only so many hits.</summary>
    [Parameter]
    [Count("number of hits")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>Shows so many lines before and after the one with the hit.</summary>
    [Parameter]
    [Count("number of lines")]
    [ValidateRange(0, 1000)]
    public int Context { get; set; }

    /// <summary>Gives each hit as soon as it is found, in no certain order.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        (_since, _until) = Span();
        if (Text is not null && string.IsNullOrWhiteSpace(Text))
        {
            Refuse("NothingToFind", "The text is white space only, which every text has.", Text);
        }

        if (Text is null && Pattern is null && File is null && ToolName.Length == 0)
        {
            Refuse("NothingToFind", "Say what to find: -Text, -Pattern, -File or -ToolName.", null);
        }

        try
        {
            _pattern = Pattern is null ? null : PatternTerm.Read(Pattern, CaseSensitive);
        }
        catch (ArgumentException error)
        {
            Refuse("InvalidPattern", $"'{Pattern}' is not a regular expression: {error.Message}", Pattern);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in LogPath is not null && _paths.Count == 0 ? LogPath : [])
        {
            AddPaths(() => ResolveFilePaths(path), path);
        }

        if (Session?.Foreign is { } foreign)
        {
            _paths.Add(foreign.Path);
        }
        else if (Session?.Text is { } id && !SessionStore.IsPath(id))
        {
            _sessions.Add(id);
        }
        else if (Session is not null)
        {
            AddPaths(() => [PathOf(Session, null)], Session);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(() =>
    {
        if (Folder is not null)
        {
            _paths.Add(ResolveFolder(Folder));
        }

        bool isPlain = _paths.Count == 0;
        if (isPlain && (_isMissing || (MyInvocation.ExpectingInput && _sessions.Count == 0)))
        {
            return; // what was named is not there, or nothing came
        }

        var request = new SearchRequest
        {
            Sources = Source is null && isPlain ? this.SourcesHere() : UsageReading.ParseSources(Source ?? [UsageReading.All]),
            Required = UsageReading.NamedSources(Source),
            Paths = [.. _paths.Distinct()],
            Text = Text,
            Pattern = _pattern,
            CaseSensitive = CaseSensitive,
            Roles = Role,
            Tools = ToolName,
            File = File,
            Since = _since,
            Until = _until,
            Projects = Project,
            Models = Model,
            Sessions = _sessions,
            Context = Context,
        };
        using var progress = new ScanProgress(this, "Searching");
        int given = 0;
        SearchResult result = Stream ? SearchScan.Stream(request, Give, At, Cancellation) : Sorted();
        Tell(result);
        SearchResult Sorted()
        {
            (SearchResult found, IReadOnlyList<OpiSearchHit> hits) = SearchScan.Run(request, At, Cancellation);
            progress.Dispose(); // it would stand over the rows
            foreach (OpiSearchHit hit in hits.Take(First))
            {
                Give(hit);
            }

            return found;
        }

        bool Give(OpiSearchHit hit)
        {
            var row = new PSObject(hit);
            if (Context > 0)
            {
                row.TypeNames.Insert(0, ContextTypeName);
            }

            WriteObject(row);
            return ++given < First;
        }

        void At(UsageScanProgress at) => progress.At(
            string.Create(CultureInfo.InvariantCulture, $"{at.BytesRead / 1_000_000:N0} of {at.Bytes / 1_000_000:N0} MB"),
            at.BytesRead,
            Math.Max(1, at.Bytes));
    });

    private void AddPaths(Func<IEnumerable<string>> find, object target)
    {
        string[] found = [];
        ForItem(() => found = [.. find()], target);
        _paths.AddRange(found);
        _isMissing |= found.Length == 0;
    }

    private void Tell(SearchResult result)
    {
        if (result.Unsearched.Count > 0)
        {
            WriteWarning($"The logs of {string.Join(", ", result.Unsearched)} cannot be searched yet.");
        }

        foreach (ErrorRecord error in FindingText.Errors(result.Findings, path => _paths.Contains(path)))
        {
            WriteError(error);
        }

        if (FindingText.SearchWarning(result.Findings, path => _paths.Contains(path)) is { } text)
        {
            WriteWarning(text);
        }

        foreach (UsageFinding finding in result.Findings)
        {
            WriteVerbose(FindingText.Line(finding));
        }

        WriteVerbose($"{UnknownCostText.Count(result.FileCount, "file", "files")} searched.");
    }

    private void Refuse(string id, string message, object? target) =>
        ThrowTerminatingError(new ErrorRecord(new PSArgumentException(VisibleText.Of(message)), id, ErrorCategory.InvalidArgument, target));
}
