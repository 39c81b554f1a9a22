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

    private readonly CostReport _report = new(PricingCatalog.Default);
    private readonly List<string> _paths = [];
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

    private bool IsPlain =>
        ParameterSetName == SessionSet && By is [CostGrouping.Session or CostGrouping.Turn or CostGrouping.Model]
        && !Total && !Current && Budget is null && Since is null && Until is null && Model is null && Project is null;

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
            Sources = UsageReading.ParseSources(Source),
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
    protected override void EndProcessing()
    {
        if (IsPlain)
        {
            WriteObject(_report.ModelRows(), enumerateCollection: true);
            WarnOfPrices(_report.UnpricedModels);
            return;
        }

        ForItem(() =>
        {
            if (ParameterSetName == UsageSet)
            {
                WarnOfPrices(_rows.Groups.UnpricedModels);
            }
            else if (_paths.Count > 0 || (LogPath is null && ParameterSetName == SourceSet))
            {
                foreach (OpiUsage usage in this.ReadUsage(_query with { Paths = _paths }, Cancellation).Rows)
                {
                    _rows.Groups.Add(usage);
                }
            }

            WriteObject(_rows.ToObjects(Current, Total, _query), enumerateCollection: true);
        });
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
            ForItem(() => AddSession(PathOf(Session, Folder), Session.Session?.Model));
        }
        else if (!MyInvocation.ExpectingInput)
        {
            ForItem(AddFolder);
        }
    }

    private void AddFolder()
    {
        SessionStore store = StoreAt(Folder);
        if (!IsPlain)
        {
            _query = _query with { Sources = [UsageSource.Opi] };
            if (Directory.Exists(store.Folder))
            {
                _paths.Add(store.Folder);
            }

            return;
        }

        using var progress = new ScanProgress(this, "Adding up costs");
        FileInfo[] files = [.. store.Files()];
        for (int i = 0; i < files.Length; i++)
        {
            progress.At(files[i].Name, i, files.Length);
            try
            {
                AddSession(files[i].FullName, null);
            }
            catch (OpiException error)
            {
                WriteWarning(error.Message);
            }
        }
    }

    private void AddSession(string path, string? fallbackModel)
    {
        if (!IsPlain)
        {
            _query = _query with { Sources = [UsageSource.Opi] };
            _paths.Add(File.Exists(path) ? path : throw SessionNotFoundException.ForPath(path));
            return;
        }

        using SessionReader reader = OpenReader(path);
        switch (By[0])
        {
            case CostGrouping.Turn:
                WriteObject(_report.TurnRows(reader, fallbackModel), enumerateCollection: true);
                break;
            case CostGrouping.Model:
                _report.AddToModels(reader, fallbackModel);
                break;
            default:
                WriteObject(_report.SessionRow(reader, fallbackModel));
                break;
        }
    }

    private void WarnOfPrices(IEnumerable<string> models)
    {
        foreach (string model in models)
        {
            WriteWarning(model.Length == 0
                ? "Some answers name no model, so their cost is unknown. Give New-OpiSession a -Model."
                : $"The model '{model}' has no price, so its cost is unknown. Get-OpiPricing lists the prices.");
        }
    }
}
