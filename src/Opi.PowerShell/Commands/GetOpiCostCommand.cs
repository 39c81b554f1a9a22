using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives what sessions and other agents' logs cost.</summary>
[Cmdlet(VerbsCommon.Get, "OpiCost", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(OpiCost))]
[OutputType(typeof(OpiTurnCost))]
[OutputType(typeof(OpiResponseCost))]
public sealed class GetOpiCostCommand : OpiCmdlet
{
    private const string SessionSet = "Session";
    private const string SourceSet = "Source";
    private const string UsageSet = "Usage";

    private readonly List<string> _paths = [];
    private readonly HashSet<string> _named = new(StringComparer.Ordinal); // sessions: what is wrong with one of these is an error
    private CostRows _rows = null!;
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
    [ValidateSet(nameof(UsageSource.Opi), nameof(UsageSource.ClaudeCode), nameof(UsageSource.Codex), nameof(UsageSource.Pi), nameof(UsageSource.Gemini), nameof(UsageSource.OpenCode), nameof(UsageSource.Ledger), UsageReading.All)]
    public string[] Source { get; set; } = [];

    /// <summary>Files and folders to read in place of those where the agents keep their logs.</summary>
    [Parameter(ParameterSetName = SourceSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? LogPath { get; set; }

    /// <summary>Responses, as Get-OpiUsage gives them here or on another machine.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = UsageSet)]
    [UsageTransformation]
    public OpiUsage InputObject { get; set; } = null!;

    /// <summary>What a row stands for: up to three of them together.</summary>
    [Parameter]
    [ValidateCount(1, CostGroups.MaxGroupings)]
    public CostGrouping[] By { get; set; } = [CostGrouping.Session];

    /// <summary>Only responses at this time or later.</summary>
    [Parameter]
    [TimeTransformation]
    public TimeReference? Since { get; set; }

    /// <summary>Only responses before this time.</summary>
    [Parameter]
    [TimeTransformation]
    public TimeReference? Until { get; set; }

    /// <summary>Only responses of this model: its name, or provider:model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Only responses for this project.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Project { get; set; }

    /// <summary>Whose days and hours. Those of this machine by default.</summary>
    [Parameter]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNull]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Local;

    /// <summary>Adds a row of all the others together, at the end.</summary>
    [Parameter]
    public SwitchParameter Total { get; set; }

    /// <summary>What each row may cost, in USD.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e15)]
    public decimal? Budget { get; set; }

    /// <summary>The period that the budget is for: rows are by it.</summary>
    [Parameter]
    public CostPeriod? Period { get; set; }

    /// <summary>Only the period that is now.</summary>
    [Parameter]
    public SwitchParameter Current { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        PricesInForce();
        CostGrouping[] by = GroupingsInForce();
        if (Current && (by.Length > 1 || !CostGroups.IsPeriod(by[0])))
        {
            Refuse("CurrentNeedsPeriod", "-Current is the period that is now: give -Period or one -By of Day, Week, Month, Hour or Block.", By);
        }

        By = by;
        _rows = new CostRows(by, TimeZone, Budget);
        _query = new UsageQuery
        {
            Sources = ParameterSetName == SessionSet ? [UsageSource.Opi] : UsageReading.ParseSources(Source),
            Since = Current ? CostGroups.StartOf(by[0], DateTimeOffset.Now, TimeZone) : Since?.In(TimeZone),
            Until = Until?.In(TimeZone),
            Model = Model,
            Project = Project,
        };
        _filter = new UsageFilter(_query);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case UsageSet:
                if (_filter.Takes(InputObject))
                {
                    _rows.Groups.Add(InputObject);
                }

                break;
            case SourceSet:
                foreach (string path in LogPath ?? [])
                {
                    ForItem(() => _paths.AddRange(ResolveFilePaths(path)), path);
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
        if (ParameterSetName == UsageSet)
        {
            UsageReading.WarnOfPrices(this, _rows.Groups.UnpricedModels);
        }
        else if (_paths.Count > 0 || (LogPath is null && ParameterSetName == SourceSet))
        {
            ReadUsage();
        }

        WriteObject(_rows.ToObjects(Current, Total, _query), enumerateCollection: true);
    });

    private void ReadUsage()
    {
        Action<UsageFinding>? unread = ParameterSetName == SessionSet ? Report : null;
        UsageScanResult result = this.StreamUsage(_query with { Paths = _paths }, _rows.Groups.Add, Cancellation, unread);
        foreach (IdleTurn turn in result.IdleTurns)
        {
            _rows.Groups.Add(turn);
        }
    }

    /// <summary>
    /// Says why a session was not read: as an error where the session was named or its folder cannot be listed, else as a warning.
    /// </summary>
    private void Report(UsageFinding finding)
    {
        bool isAsked = _named.Contains(finding.Path) || Directory.Exists(finding.Path);
        switch (finding.Error)
        {
            case OpiException error when isAsked:
                WriteError(error.ToErrorRecord(finding.Path));
                break;
            case { } error when isAsked:
                WriteError(new ErrorRecord(error, "FileNotAccessible", ErrorCategory.PermissionDenied, finding.Path));
                break;
            case OpiException error:
                WriteWarning(error.Message);
                break;
            default:
                WriteWarning($"'{finding.Path}' was not read: {finding.Reason}.");
                break;
        }
    }

    /// <summary>The period of the budget, then the groupings that were asked for.</summary>
    private CostGrouping[] GroupingsInForce()
    {
        bool named = MyInvocation.BoundParameters.ContainsKey(nameof(By));
        CostGrouping[] by = Period is { } period
            ? [Enum.Parse<CostGrouping>(period.ToString()), .. named ? By : []]
            : By;
        by = [.. by.Distinct()];
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
            ForItem(() =>
            {
                string path = PathOf(Session, Folder);
                if (!File.Exists(path))
                {
                    OpiSessionInfo.ReadHeader(path); // says what is wrong with it
                }

                _paths.Add(path);
                _named.Add(path);
            });
        }
        else if (!MyInvocation.ExpectingInput && StoreAt(Folder) is var store && Directory.Exists(store.Folder))
        {
            _paths.Add(store.Folder);
        }
    }
}
