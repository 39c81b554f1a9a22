using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Stops a script unless what was spent is known to be within a budget.</summary>
[Cmdlet(VerbsLifecycle.Assert, "OpiBudget", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(void))]
public sealed class AssertOpiBudgetCommand : OpiCmdlet
{
    private const string SessionSet = "Session";
    private const string SourceSet = "Source";

    /// <summary>What the period may cost, in USD.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Amount]
    [ValidateRange(0.0, 1e15)]
    public decimal Budget { get; set; }

    /// <summary>The period of the budget; the current one counts.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Name<CostPeriod>]
    public CostPeriod Period { get; set; }

    /// <summary>Whose logs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SourceSet)]
    [Sources]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[] Source { get; set; } = [nameof(UsageSource.Opi)];

    /// <summary>Files and folders to read instead of the agents' own log folders.</summary>
    [Parameter(ParameterSetName = SourceSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? LogPath { get; set; }

    /// <summary>The folder of the sessions.</summary>
    [Parameter(ParameterSetName = SessionSet)]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>Only responses for these projects.</summary>
    [Parameter]
    [Patterns]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UsedCompleter))]
    public string[] Project { get; set; } = [];

    /// <summary>Only responses from these machines.</summary>
    [Parameter]
    [Patterns]
    [SupportsWildcards]
    public string[] Machine { get; set; } = [];

    /// <summary>Only responses of these users.</summary>
    [Parameter]
    [Patterns]
    [SupportsWildcards]
    public string[] User { get; set; } = [];

    /// <summary>The time zone of days and hours; this machine's by default.</summary>
    [Parameter]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNull]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Local;

    /// <summary>Which cost of a response counts where there are several.</summary>
    [Parameter]
    [Name<CostChoice>]
    public CostChoice CostFrom { get; set; }

    /// <summary>Counts the known costs only.</summary>
    [Parameter]
    public SwitchParameter AllowUnknown { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            Check();
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (RuntimeException error) when (error is PipelineStoppedException or ActionPreferenceStopException || error.WasThrownFromThrowStatement)
        {
            throw;
        }
        catch (RuntimeException error)
        {
            Stop(error.ErrorRecord);
        }
        catch (OpiException error)
        {
            Stop(error.ToErrorRecord());
        }
        catch (Exception error)
        {
            Stop(new ErrorRecord(error, "BudgetUnknown", ErrorCategory.NotSpecified, null)); // fail closed: what was spent is not known
        }
    }

    /// <summary>
    /// Ends the script, as a throw statement does. The error of a cmdlet alone would end its own statement only, and the script would go on
    /// to spend.
    /// </summary>
    private protected override void Stop(ErrorRecord error)
    {
        string id = $"{error.FullyQualifiedErrorId.Split(',')[0]},{GetType().FullName}"; // as each cmdlet's error has it
        var record = new ErrorRecord(error.Exception, id, error.CategoryInfo.Category, error.TargetObject) { ErrorDetails = error.ErrorDetails };
        throw new RuntimeException(error.Exception.Message, error.Exception, record) { WasThrownFromThrowStatement = true };
    }

    private void Check()
    {
        if (ReadPrices().Problems is [{ } problem, ..] && !AllowUnknown)
        {
            Stop(problem.ToErrorRecord()); // own prices that do not count may be higher than those that do
        }

        var rows = new CostRows([Enum.Parse<CostGrouping>(Period.ToString())], TimeZone, Budget, CostFrom);
        var query = new UsageQuery
        {
            Sources = UsageReading.ParseSources(Source),
            Required = MyInvocation.BoundParameters.ContainsKey(nameof(Source)) ? UsageReading.NamedSources(Source) : [],
            Paths = Folder is null ? [.. (LogPath ?? []).SelectMany(FindLogs)] : [ResolveFolder(Folder)],
            CostFrom = CostFrom,
            Since = rows.CurrentSince,
            Projects = Project,
            Machines = Machine,
            Users = User,
        };
        var warnings = new List<string>();
        foreach (ErrorRecord error in this.ReadCosts(query, rows.Groups, path => query.Paths.Contains(path), warnings.Add, Cancellation))
        {
            Stop(error);
        }

        CostGroup spent = rows.Current;
        bool? isOver = spent.IsOver(Budget);
        if (isOver == true || (isOver is null && !AllowUnknown))
        {
            string message = isOver == true ? OverText(rows, spent) : UnknownText(rows, spent);
            Stop(new BudgetException(message, rows.NameOf(spent), Budget, spent.KnownCost).ToErrorRecord());
        }

        warnings.ForEach(WriteWarning);
    }

    private string OverText(CostRows rows, CostGroup spent) =>
        $"The budget of {Money(Budget)} a {Period.ToString().ToLowerInvariant()} is used up: "
            + $"{rows.NameOf(spent)} has cost {(spent.IsComplete ? "" : "at least ")}{Money(spent.KnownCost)} so far.";

    private string UnknownText(CostRows rows, CostGroup spent)
    {
        string? why = UnknownCostText.Of(spent.Unknown, CostFrom);
        UsageFinding[] unread = [.. rows.Groups.Unread];
        string files = unread.Length == 0 ? ""
            : $" {UnknownCostText.Count(unread.Length, "file or folder", "files and folders")} could not be read."
                + $" The first: {FindingText.Line(unread[0])}";
        return $"Whether {rows.NameOf(spent)} is within the budget of {Money(Budget)} a {Period.ToString().ToLowerInvariant()} is not known: "
            + $"at least {Money(spent.KnownCost)} was spent.{(why is null ? "" : $" {why}")}{files} -AllowUnknown counts what is known only.";
    }

    private static string Money(decimal amount) => Internal.FormatHelper.Money(amount);

    private IEnumerable<string> FindLogs(string path)
    {
        string[] found = HasPathWildcards(path) ? [.. ResolveFilePaths(path)] : [ResolveFilePath(path)];
        if (found.Length == 0 || !found.All(System.IO.Path.Exists))
        {
            var error = new ItemNotFoundException($"There is no file or folder '{path}'.");
            Stop(new ErrorRecord(error, "PathNotFound", ErrorCategory.ObjectNotFound, path));
        }

        return found;
    }
}
