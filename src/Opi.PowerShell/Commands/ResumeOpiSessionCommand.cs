using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Opens an existing session for appending.</summary>
[Cmdlet(VerbsLifecycle.Resume, "OpiSession", DefaultParameterSetName = "Session", SupportsShouldProcess = true)]
[OutputType(typeof(OpiSession))]
public sealed class ResumeOpiSessionCommand : OpenSessionCmdlet
{
    /// <summary>A call of this process that has the session for a moment is waited for.</summary>
    private const int OwnTimeout = 2;

    private readonly HashSet<string> _found = []; // by a search, which may have many hits in one session

    /// <summary>The session: an id or a path.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Session")]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    public SessionReference Session { get; set; } = null!;

    /// <summary>The session that was used last.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Latest")]
    public SwitchParameter Latest { get; set; }

    /// <summary>The session's name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [Parameter(ParameterSetName = "Latest")]
    [Patterns]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Creates the session if there is none with this name.</summary>
    [Parameter(ParameterSetName = "Name")]
    public SwitchParameter Create { get; set; }

    /// <summary>Only a session with one of these labels; a session that is created gets them all.</summary>
    [Parameter(ParameterSetName = "Latest")]
    [Parameter(ParameterSetName = "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string[]? Label { get; set; }

    /// <summary>Only a session whose agent worked in this folder; also the folder of a session that is created.</summary>
    [Parameter(ParameterSetName = "Latest")]
    [Parameter(ParameterSetName = "Name")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>The folder in which the session is looked for, and created.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>The model as provider:model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Tool calls without a result get one in the file: an error that says that they were interrupted.</summary>
    [Parameter]
    public SwitchParameter CompleteToolCalls { get; set; }

    /// <summary>How many seconds to wait for another writer to close the session.</summary>
    [Parameter]
    [Count("number of seconds")]
    [ValidateRange(0, MaxTimeout)]
    public int TimeoutSec { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Create && (Name.Length != 1 || WildcardPattern.ContainsWildcardCharacters(Name[0])))
        {
            ThrowTerminatingError(new ErrorRecord(
                new PSArgumentException("-Create needs one name, without wildcards and commas: the name of the new session."),
                "NotOneName",
                ErrorCategory.InvalidArgument,
                Name));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        switch (ParameterSetName)
        {
            case "Latest":
                ResumeLatest();
                break;
            case "Name":
                ResumeNamed();
                break;
            default:
                if (!Session.IsFound || Session.Foreign is not null || _found.Add(Session.ToString()))
                {
                    Resume(Session.Session?.Path ?? PathOf(Session, Folder), TimeoutSec);
                }

                break;
        }
    });

    private SessionFilter Filter() => new(Name, Label, WorkingDirectory is null ? null : ResolveFilePath(WorkingDirectory));

    /// <summary>The free session that was used last. A session that another process has open is skipped with a warning.</summary>
    private void ResumeLatest()
    {
        SessionStore store = StoreAt(Folder);
        SessionFilter filter = Filter();
        SessionLockedException? locked = null;
        foreach (OpiSessionInfo session in this.ReadLatest(store, Cancellation).Where(filter.Takes))
        {
            try
            {
                Resume(session.Path, TimeoutSec);
                return;
            }
            catch (SessionLockedException error)
            {
                WriteWarning($"A session that was used later is skipped. {error.Text()}");
                locked ??= error;
            }
        }

        if (locked is not null)
        {
            throw locked;
        }

        bool hasFiles = store.Files().Any();
        throw hasFiles
            ? SessionNotFoundException.NoneLike(store.Folder, $"{filter.Wanted} with a turn".TrimStart())
            : SessionNotFoundException.NoneIn(store.Folder);
    }

    /// <summary>The session with this name that was used last, else created last; a new one if there is none and -Create is given.</summary>
    private void ResumeNamed()
    {
        SessionStore store = StoreAt(Folder);
        SessionFilter filter = Filter();
        OpiSessionInfo? found = this.ReadAll(store, Cancellation).Where(filter.Takes)
            .OrderByDescending(session => session.LastTurnTime ?? DateTimeOffset.MinValue).FirstOrDefault();
        if (found is not null)
        {
            Resume(found.Path, TimeoutSec);
        }
        else if (!Create)
        {
            throw SessionNotFoundException.NoneLike(store.Folder, filter.Wanted);
        }
        else if (ShouldProcess(store.Folder, $"Create the session '{Name[0]}'"))
        {
            WriteVerbose($"No session {filter.Wanted} in '{store.Folder}': it is created.");
            CreateSession(store.Folder, OptionsFor(Model), WorkingDirectory, Name[0], Label ?? []);
        }
    }

    private void Resume(string path, int timeoutSec)
    {
        if (!ShouldProcess(path, "Open for appending"))
        {
            return;
        }

        (OpiSession session, bool isOpen) = Open(path, TimeSpan.FromSeconds(timeoutSec));
        if (isOpen)
        {
            WriteWarning(
                $"Session '{session.Id}' is open in this process already; here it is, with the settings that it was opened with. Close-OpiSession "
                    + "closes it.");
        }

        try
        {
            if (CompleteToolCalls && session.CompleteToolCalls() is { } completed)
            {
                string calls = UnknownCostText.Count(completed.EntryIds.Count, "tool call", "tool calls");
                WriteVerbose($"Session '{session.Id}': {calls} without a result got one: {completed.EntryIds}.");
            }

            if (!isOpen)
            {
                WarnOfFindings(session);
            }
        }
        catch when (!isOpen)
        {
            session.Dispose(); // it is not put out
            throw;
        }

        WriteOpened(session);
    }

    private (OpiSession Session, bool IsOpen) Open(string path, TimeSpan timeout)
    {
        try
        {
            return OpenOrFind(path, OptionsFor(Model), timeout);
        }
        catch (SessionLockedException error) when (error.ProcessId == Environment.ProcessId && timeout.TotalSeconds < OwnTimeout)
        {
            return OpenOrFind(path, OptionsFor(Model), TimeSpan.FromSeconds(OwnTimeout));
        }
    }
}
