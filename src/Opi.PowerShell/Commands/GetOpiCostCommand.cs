using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives what sessions and other agents' logs cost.</summary>
[Cmdlet(VerbsCommon.Get, "OpiCost", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(OpiCost))]
[OutputType(typeof(OpiTurnCost))]
[OutputType(typeof(OpiResponseCost))]
public sealed class GetOpiCostCommand : ResponseRowsCmdlet
{
    private const string SessionSet = "Session";
    private const string SourceSet = "Source";
    private const string UsageSet = "Usage";

    /// <summary>What the rows of an overview can be grouped by: groupings that are not periods.</summary>
    private static readonly CostGrouping[] OverviewKeys =
    [
        CostGrouping.Source, CostGrouping.Model, CostGrouping.Project, CostGrouping.Machine, CostGrouping.User,
    ];

    private static readonly string[] OverviewExcludes = [nameof(Since), nameof(Until), nameof(Period), nameof(Current), nameof(Budget)];

    private readonly List<string> _paths = [];
    private readonly HashSet<string> _named = new(StringComparer.Ordinal); // sessions: what is wrong with one of these is an error
    private readonly UsageInputs _inputs = new();
    private bool _readsFolder; // all sessions of a folder, not named ones
    private bool _isFirstLook; // nothing was asked for, and there are only logs of other agents
    private CostRows _rows = null!;
    private CostOverview? _overview;
    private UsageQuery _query = null!;
    private UsageFilter _filter = null!;

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
    [Sources]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[] Source { get; set; } = [];

    /// <summary>Files and folders to read instead of the agents' own log folders.</summary>
    [Parameter(ParameterSetName = SourceSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? LogPath { get; set; }

    /// <summary>Responses, as Get-OpiUsage gives them here or on another machine.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = UsageSet)]
    [UsageTransformation]
    public UsageInput InputObject { get; set; } = null!;

    /// <summary>What rows are grouped by: up to three groupings together.</summary>
    [Parameter]
    [Names<CostGrouping>]
    [ValidateCount(1, CostGroups.MaxGroupings)]
    public CostGrouping[] By { get; set; } = [CostGrouping.Session];

    /// <summary>Adds a row of all the others together, at the end.</summary>
    [Parameter]
    public SwitchParameter Total { get; set; }

    /// <summary>Today, this week and this month, by source or what -By says.</summary>
    [Parameter]
    public SwitchParameter Overview { get; set; }

    /// <summary>What each row may cost, in USD.</summary>
    [Parameter]
    [Amount]
    public decimal? Budget { get; set; }

    /// <summary>The period that the budget is for: rows are by it.</summary>
    [Parameter]
    [Name<CostPeriod>]
    public CostPeriod? Period { get; set; }

    /// <summary>Only the period that is now.</summary>
    [Parameter]
    public SwitchParameter Current { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ReadPrices();
        _isFirstLook = !MyInvocation.ExpectingInput
            && !MyInvocation.BoundParameters.Keys.Except(CommonParameters).Any()
            && UsageReading.HasOnlyOtherLogs;
        CostGrouping[] by = EffectiveGroupings();
        if (Current && (by.Length > 1 || !CostGroups.IsPeriod(by[0])))
        {
            Refuse("CurrentNeedsPeriod", "-Current takes the current period: give -Period or one -By of Day, Week, Month, Hour or Block.", By);
        }

        By = by;
        _rows = new CostRows(by, TimeZone, Budget, CostFrom);
        _overview = IsOverview ? new CostOverview(by, TimeZone, PricingCatalog.Default, CostFrom, _rows.Now) : null;
        UsageQuery query = QueryOfFilters();
        DateTimeOffset? begun = Current ? _rows.CurrentSince : _overview?.Since;
        _query = query with
        {
            Sources = ParameterSetName == SessionSet ? [UsageSource.Opi] : UsageReading.ParseSources(Source),
            Required = UsageReading.NamedSources(Source),
            Since = begun > query.Since || query.Since is null ? begun ?? query.Since : query.Since,
        };
        _filter = new UsageFilter(_query);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case UsageSet:
                if (_inputs.Take(InputObject) is { } usage && _filter.Takes(usage))
                {
                    PricedUsage priced = _rows.Groups.Pricer.Price(usage);
                    _rows.Groups.Add(priced);
                    _overview?.Add(priced);
                }

                break;
            case SourceSet:
                foreach (string path in LogPath ?? [])
                {
                    AddPaths(path, () => ResolveFilePaths(path), path);
                }

                break;
            default:
                ProcessSession();
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(() =>
    {
        bool isPlain = _readsFolder && Folder is null;
        if (ParameterSetName == UsageSet)
        {
            if (!_inputs.AreWhole(this))
            {
                return;
            }

            UsageReading.WarnOfCosts(_rows.Groups.ToTotal().Unknown, CostFrom, WriteWarning);
        }
        else if (_paths.Count > 0 || isPlain || (LogPath is null && ParameterSetName == SourceSet))
        {
            UsageQuery query = _query with { Paths = _paths, Sources = isPlain ? SourcesOfAll() : _query.Sources };
            foreach (ErrorRecord error in this.ReadCosts(query, _rows.Groups, IsNamed, WriteWarning, Cancellation, _overview))
            {
                WriteError(error);
            }
        }

        IEnumerable<PSObject> rows = _overview is null
            ? _rows.ToObjects(Current, Total, _query)
            : _overview.Parts.SelectMany(part => new CostRows(By, TimeZone, null, CostFrom) { Groups = part.Groups, Part = part }
                .ToObjects(current: false, Total, _query));
        if (_isFirstLook && _overview!.Parts.All(part => part.Groups.ToRows().Count == 0))
        {
            WriteWarning("The agents on this machine logged no response in this month. Get-OpiCost -By Month shows the months before.");
        }

        WriteEach(SafeForSpreadsheet ? rows.Select(SpreadsheetText.Protect) : rows);
    });

    private bool IsOverview => Overview || _isFirstLook;

    /// <summary>Without a source an overview is of all agents.</summary>
    private UsageSource[] SourcesOfAll() => Overview ? UsageReading.ParseSources([UsageReading.All]) : this.SourcesHere();

    private bool IsNamed(string path) => ParameterSetName == SessionSet && (_named.Contains(path) || Directory.Exists(path));

    /// <summary>
    /// Adds the files of a path or session that was named. If there are none, the costs are known in part only: a typing
    /// error must not count as 0.
    /// </summary>
    private void AddPaths(string name, Func<IEnumerable<string>> find, object? target = null)
    {
        string[] found = [];
        ForItem(() => found = [.. find()], target);
        _paths.AddRange(found);
        if (found.Length == 0)
        {
            var lost = new UsageFinding(name, null, "nothing is there") { Error = new FileNotFoundException(null, name) };
            _rows.Groups.AddUnread(lost);
            _overview?.AddUnread(lost);
        }
    }

    /// <summary>The period of the budget, then the groupings that were asked for.</summary>
    private CostGrouping[] EffectiveGroupings()
    {
        bool named = MyInvocation.BoundParameters.ContainsKey(nameof(By));
        if (IsOverview)
        {
            string[] others = [.. OverviewExcludes.Where(MyInvocation.BoundParameters.ContainsKey)];
            if (others.Length > 0)
            {
                Refuse("NotInOverview", $"-Overview is today, this week and this month: leave -{string.Join(" and -", others)} out.", others);
            }

            if (named && By.Except(OverviewKeys).ToArray() is { Length: > 0 } keys)
            {
                Refuse("NotInOverview", $"-Overview has rows by {string.Join(", ", OverviewKeys)}, not by {string.Join(", ", keys)}.", keys);
            }

            return named ? [.. By.Distinct()] : [CostGrouping.Source];
        }

        CostGrouping[] by = Period is { } period
            ? [Enum.Parse<CostGrouping>(period.ToString()), .. named ? By : []]
            : By;
        by = by.Length > 1 ? [.. by.Distinct()] : by;
        if (by.Length > CostGroups.MaxGroupings)
        {
            Refuse("TooManyGroupings", $"A row has up to {CostGroups.MaxGroupings} groupings, and -Period is one of them.", by);
        }

        return by;
    }

    private void Refuse(string id, string message, object target) =>
        ThrowTerminatingError(new ErrorRecord(new PSArgumentException(message), id, ErrorCategory.InvalidArgument, target));

    private void ProcessSession()
    {
        if (Session is not null)
        {
            AddPaths(Session.ToString(), () => [FindSession(Session)]);
        }
        else if (!MyInvocation.ExpectingInput)
        {
            _readsFolder = true;
            if (Folder is not null)
            {
                _paths.Add(ResolveFolder(Folder));
            }
        }
    }

    private string FindSession(SessionReference session)
    {
        string path = PathOf(session, Folder);
        _named.Add(path);
        if (!File.Exists(path))
        {
            OpiSessionInfo.ReadHeader(path); // reports what is wrong with it
        }

        return path;
    }
}
