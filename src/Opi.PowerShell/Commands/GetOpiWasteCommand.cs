using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives where money went for nothing.</summary>
[Cmdlet(VerbsCommon.Get, "OpiWaste", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(OpiWaste))]
[OutputType(typeof(OpiWasteSum))]
public sealed class GetOpiWasteCommand : FilterCmdlet
{
    private const string SessionSet = "Session";
    private const string SourceSet = "Source";

    private readonly List<string> _paths = [];
    private bool _isMissing; // something that was named is not there
    private UsageQuery _query = null!;

    /// <summary>The session: an open one, an id or a path. All of the folder by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = SessionSet)]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public SessionReference? Session { get; set; }

    /// <summary>The folder of the sessions.</summary>
    [Parameter(ParameterSetName = SessionSet)]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>Whose logs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SourceSet)]
    [Sources(UsageSource.Ledger)]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[] Source { get; set; } = [];

    /// <summary>Files and folders to read instead of the agents' own log folders.</summary>
    [Parameter(ParameterSetName = SourceSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? LogPath { get; set; }

    /// <summary>Only waste of these kinds.</summary>
    [Parameter]
    [Names<WasteKind>]
    public WasteKind[] Kind { get; set; } = Enum.GetValues<WasteKind>();

    /// <summary>What rows are grouped by: up to three groupings together. By default each waste has a row.</summary>
    [Parameter]
    [Names<WasteGrouping>]
    [ValidateCount(1, CostGroups.MaxGroupings)]
    public WasteGrouping[]? By { get; set; }

    /// <summary>Adds a row of all the others together, at the end.</summary>
    [Parameter]
    public SwitchParameter Total { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ReadPrices();
        _query = QueryOfFilters();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in ParameterSetName == SourceSet ? LogPath ?? [] : [])
        {
            AddPaths(() => ResolveFilePaths(path), path);
        }

        if (Session is not null)
        {
            AddPaths(() => [PathOf(Session, Folder)], Session);
        }
        else if (Folder is not null)
        {
            _paths.Add(ResolveFolder(Folder));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(() =>
    {
        if (_paths.Count == 0 && (_isMissing || MyInvocation.ExpectingInput))
        {
            return; // what was named is not there, or nothing came
        }

        UsageQuery query = _query with
        {
            Sources =
            [
                .. (ParameterSetName == SourceSet ? UsageReading.ParseSources(Source)
                    : Session is null && Folder is null && _paths.Count == 0 ? this.SourcesHere()
                    : [UsageSource.Opi]).Where(source => source != UsageSource.Ledger),
            ],
            Required = UsageReading.NamedSources(Source),
            Paths = _paths,
        };
        IReadOnlyList<OpiWaste> waste = this.ReadWaste(query, Kind, path => _paths.Contains(path), Cancellation);
        WriteEach(By is null ? Plain(waste) : Grouped(waste));
    });

    private IEnumerable<PSObject> Plain(IReadOnlyList<OpiWaste> waste)
    {
        foreach (OpiWaste row in waste)
        {
            var shown = new PSObject(row);
            if (Total)
            {
                shown.Properties.Add(new PSNoteProperty("IsTotal", false));
            }

            yield return shown;
        }

        if (Total)
        {
            var groups = new WasteGroups([WasteGrouping.Kind], TimeZone);
            foreach (OpiWaste row in waste)
            {
                groups.Add(row);
            }

            yield return WasteRows.Total(groups.ToTotal(), []);
        }
    }

    private IEnumerable<PSObject> Grouped(IReadOnlyList<OpiWaste> waste)
    {
        WasteGrouping[] by = [.. By!.Distinct()];
        var groups = new WasteGroups(by, TimeZone);
        foreach (OpiWaste row in waste)
        {
            groups.Add(row);
        }

        foreach ((object?[] keys, OpiWasteSum sum) in groups.ToRows())
        {
            yield return WasteRows.Row(sum, by, keys, Total);
        }

        if (Total)
        {
            yield return WasteRows.Total(groups.ToTotal(), by);
        }
    }

    private void AddPaths(Func<IEnumerable<string>> find, object target)
    {
        string[] found = [];
        ForItem(() => found = [.. find()], target);
        _paths.AddRange(found);
        _isMissing |= found.Length == 0;
    }
}
