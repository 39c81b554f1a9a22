using System.Diagnostics;
using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the billed responses of sessions and of other agents' logs, a row each.</summary>
[Cmdlet(VerbsCommon.Get, "OpiUsage", DefaultParameterSetName = PathSet)]
[OutputType(typeof(OpiUsage))]
public sealed class GetOpiUsageCommand : ResponseRowsCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly List<string> _paths = [];
    private UsageQuery _query = null!;

    /// <summary>Whose logs.</summary>
    [Parameter]
    [Sources]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[]? Source { get; set; }

    /// <summary>Files and folders to read instead of the agents' own log folders.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The same, as they are: wildcards in them mean themselves.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Waits for new responses until it is stopped or -Until has come.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ReadPrices(problem => WriteError(problem.ToErrorRecord()));
        _query = QueryOfFilters();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in LiteralPath ?? [])
        {
            ForItem(() => _paths.AddRange(ResolveExisting(path)), path);
        }

        foreach (string path in Path ?? [])
        {
            ForItem(() => _paths.AddRange(ResolveFilePaths(path)), path);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(() =>
    {
        bool named = Path is not null || LiteralPath is not null || MyInvocation.ExpectingInput;
        if (named && _paths.Count == 0)
        {
            return;
        }

        UsageQuery query = _query with
        {
            Sources = UsageReading.ParseSources(Source ?? [UsageReading.All]),
            Required = UsageReading.NamedSources(Source),
            Paths = _paths,
        };
        if (Wait)
        {
            Follow(query);
        }
        else
        {
            Write(this.ReadUsage(query, Cancellation).Rows);
        }
    });

    private void Write(IReadOnlyList<OpiUsage> rows) => WriteEach(SafeForSpreadsheet ? rows.Select(SpreadsheetText.Protect) : rows);

    /// <summary>Gives what there is, and then what is added. It waits longer where looking takes long.</summary>
    private void Follow(UsageQuery query)
    {
        var reading = new UsageFollowing(this, query, Cancellation);
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            Write(reading.Next());
            if (DateTimeOffset.UtcNow >= query.Until)
            {
                return;
            }

            TimeSpan pause = Stopwatch.GetElapsedTime(start) * 2;
            Cancellation.WaitHandle.WaitOne(pause > PollInterval ? pause : PollInterval);
            Cancellation.ThrowIfCancellationRequested();
        }
    }
}
