using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace Opi.PowerShell;

/// <summary>What all cmdlets share: stopping, errors, and the way from a parameter to a session.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OpiCmdlet : PSCmdlet, IDisposable
{
    /// <summary>How many seconds to wait for another writer, by default.</summary>
    private protected const int DefaultTimeout = 30;

    /// <summary>The most seconds that can be asked for.</summary>
    private protected const int MaxTimeout = int.MaxValue / 1000;

    private const string LiteralPath = @"\\?\";

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100); // of a wait, between looks at what this process opened

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _warned = [];
    private OpiSession? _opened;
    private string? _openedAs;

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    protected CancellationToken Cancellation => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what was opened for the call.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _opened?.Dispose();
            _stop.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Runs the work for one item. An error of the library is written, and the pipeline continues with the next item.</summary>
    protected void ForItem(Action work, object? target = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            work();
            foreach (string path in UnflushedFiles.Take())
            {
                WriteWarning($"'{path}' was written, but the system did not confirm that its name is on the disk: it may not survive a power loss.");
            }
        }
        catch (OpiException error)
        {
            WriteError(error.ToErrorRecord(target));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(error, "FileNotAccessible", ErrorCategory.PermissionDenied, target));
        }
        catch (SessionStateException error) // a path of a drive or a provider that is not there
        {
            WriteError(new ErrorRecord(error, "PathNotFound", ErrorCategory.ObjectNotFound, target)
            {
                ErrorDetails = new ErrorDetails(VisibleText.Of(error.Message)),
            });
        }
        catch (WildcardPatternException error) // a path's
        {
            WriteError(new ErrorRecord(error, "InvalidWildcard", ErrorCategory.InvalidArgument, target)
            {
                ErrorDetails = new ErrorDetails(VisibleText.Of(error.Message)),
            });
        }
        catch (OperationCanceledException error) when (Cancellation.IsCancellationRequested || error.CancellationToken == Cancellation)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>
    /// Writes objects one by one, each when it is ready. The engine's own enumeration takes all of a lazy sequence before it writes the first.
    /// </summary>
    private protected void WriteEach<T>(IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            WriteObject(item);
        }
    }

    /// <summary>
    /// The prices that count, after a warning for each file of the user's prices whose content does not count. One that could not be read ends
    /// the command: costs without it may be wrong.
    /// </summary>
    protected PricingCatalog ReadPrices() => ReadPrices(problem => Stop(problem.ToErrorRecord()));

    /// <summary>The same for a command that does more than show costs: it continues without prices.</summary>
    /// <param name="report">Takes a file that could not be read.</param>
    private protected PricingCatalog ReadPrices(Action<PriceFileNotReadableException> report)
    {
        PricingCatalog catalog = PricingCatalog.Default;
        foreach (OpiException problem in catalog.Problems.Where(problem => _warned.Add(problem.Message)))
        {
            if (problem is PriceFileNotReadableException unreadable)
            {
                report(unreadable);
            }
            else
            {
                WriteWarning(problem.Text());
            }
        }

        return catalog;
    }

    /// <summary>
    /// The moments of -Since and -Until, by the clocks of a time zone. Refuses a span that ends before it begins: it would be empty.
    /// </summary>
    private protected (DateTimeOffset? Since, DateTimeOffset? Until) Span(TimeReference? since, TimeReference? until, TimeZoneInfo zone)
    {
        DateTimeOffset? begin = since?.In(zone);
        DateTimeOffset? end = until?.EndIn(zone);
        if (begin > end)
        {
            ThrowTerminatingError(new ErrorRecord(
                new PSArgumentException($"-Since {begin:O} is later than -Until {end:O}, so nothing can be between them."),
                "SinceAfterUntil",
                ErrorCategory.InvalidArgument,
                since));
        }

        return (begin, end);
    }

    /// <summary>Ends the command with an error.</summary>
    private protected virtual void Stop(ErrorRecord error) => ThrowTerminatingError(error);

    /// <summary>Writes an error about a parameter's value.</summary>
    protected void WriteInvalidArgument(string id, string message, object? target) =>
        WriteError(new ErrorRecord(new PSArgumentException(VisibleText.Of(message)), id, ErrorCategory.InvalidArgument, target));

    /// <summary>Writes a warning. It may quote foreign text, which must not act on the terminal.</summary>
    protected new void WriteWarning(string text) => base.WriteWarning(VisibleText.Of(text));

    /// <summary>Writes a verbose message. It may quote foreign text, which must not act on the terminal.</summary>
    protected new void WriteVerbose(string text) => base.WriteVerbose(VisibleText.Of(text));

    /// <summary>Asks whether to do something. Both texts may quote foreign text, on which the answer depends.</summary>
    protected new bool ShouldProcess(string target, string action) => base.ShouldProcess(VisibleText.Of(target), VisibleText.Of(action));

    /// <summary>A path of the file system, complete; wildcards in it mean themselves.</summary>
    protected string ResolveFilePath(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            string message = VisibleText.Of($"'{path}' has a null character, which no name of a file can have.");
            Stop(new ErrorRecord(new PSArgumentException(message), "NotAFilePath", ErrorCategory.InvalidArgument, path));
        }

        string resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        if (provider.ImplementingType != typeof(FileSystemProvider))
        {
            Stop(new ErrorRecord(
                new PSArgumentException($"'{path}' is a path of the {provider.Name} provider; sessions are files."),
                "NotAFilePath",
                ErrorCategory.InvalidArgument,
                path));
        }

        // There a file has several names: short ones, and those with dots and spaces behind them. Opi knows its files by the long one.
        return OperatingSystem.IsWindows() ? WindowsFile.LongPath(resolved) : resolved;
    }

    /// <summary>Whether a path has wildcards. The question mark of <c>\\?\</c>, with which Windows takes a path literally, is none.</summary>
    protected static bool HasPathWildcards(string path) => WildcardPattern.ContainsWildcardCharacters(
        OperatingSystem.IsWindows() && path.StartsWith(LiteralPath, StringComparison.Ordinal) ? path[LiteralPath.Length..] : path);

    /// <summary>The paths of the file system that a path with wildcards means; a warning when there are none.</summary>
    protected IEnumerable<string> ResolveFilePaths(string path)
    {
        if (!HasPathWildcards(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return ResolveExisting(path);
        }

        IEnumerable<string> found = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
        if (provider.ImplementingType != typeof(FileSystemProvider))
        {
            ResolveFilePath(path); // says so
        }

        if (!found.Any())
        {
            WriteWarning($"Nothing is named '{path}'.");
        }

        return found;
    }

    /// <summary>The file or folder that a path names; none, with an error, where there is nothing.</summary>
    protected IEnumerable<string> ResolveExisting(string path)
    {
        string resolved = ResolveFilePath(path);
        if (System.IO.Path.Exists(resolved))
        {
            return [resolved];
        }

        WriteError(
            new ErrorRecord(
                new ItemNotFoundException($"There is no file or folder '{resolved}'."), "PathNotFound", ErrorCategory.ObjectNotFound, path));
        return [];
    }

    /// <summary>The full path of a folder that a parameter names. The command ends if it does not exist.</summary>
    protected string ResolveFolder(string folder)
    {
        string resolved = ResolveFilePath(folder);
        if (!Directory.Exists(resolved))
        {
            string message = $"There is no folder '{resolved}'. Give one that exists; New-OpiSession -Path makes a folder of sessions.";
            Stop(new ErrorRecord(new ItemNotFoundException(message), "PathNotFound", ErrorCategory.ObjectNotFound, folder));
        }

        return resolved;
    }

    /// <summary>The folder a parameter names, else the default one.</summary>
    protected SessionStore StoreAt(string? folder) => new(ResolveFilePath(folder ?? SessionStore.DefaultFolder()));

    /// <summary>The file of a session. An id is looked for among the open sessions first, then in the folder.</summary>
    protected string PathOf(SessionReference reference, string? folder)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Foreign is { } foreign)
        {
            throw new ForeignSessionException(foreign.Source, foreign.SessionId, foreign.Path);
        }

        return reference.Session?.Path
            ?? (SessionStore.IsPath(reference.Text!) ? ResolveFilePath(reference.Text!)
                : folder is null && OpenSessions.FindById(reference.Text!) is { } open ? open.Path
                : StoreAt(folder).PathOf(reference.Text!));
    }

    /// <summary>The session as it is open in this process, whose memory answers faster than its file; null when it is not.</summary>
    private protected OpiSession? FindOpen(SessionReference reference, string? folder) =>
        reference.Session is { State: OpiSessionState.Open } given ? given : OpenSessions.Find(PathOf(reference, folder));

    /// <summary>Opens a session for reading. One that is open here is read from its file, which has all its turns.</summary>
    protected SessionReader OpenReader(SessionReference reference, string? folder) => OpenReader(PathOf(reference, folder));

    /// <summary>Opens a session file for reading, and says once what is wrong with it.</summary>
    protected SessionReader OpenReader(string path)
    {
        SessionReader reader = SessionReader.Open(path, Cancellation);
        WarnOf(reader.Header.Id, reader.Recovery);
        return reader;
    }

    /// <summary>Opens the context of a session that is not open here, and says once what is wrong with the file.</summary>
    private protected StoredContext OpenContext(SessionReference reference, string? folder)
    {
        StoredContext context = StoredContext.Open(PathOf(reference, folder), Cancellation);
        WarnOf(context.SessionId, context.Recovery);
        return context;
    }

    private void WarnOf(string sessionId, SessionRecovery found)
    {
        if (!found.IsClean)
        {
            WriteWarning($"Session '{sessionId}': {found}.");
        }
    }

    /// <summary>
    /// The session to write to: the open one, or one that is opened for this call and closed after it. Further items that name it find it
    /// open.
    /// </summary>
    private protected OpiSession OpenWriter(SessionReference reference, string? folder, int timeoutSec, bool noLock)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Session is { } open)
        {
            return open;
        }

        string path = PathOf(reference, folder);
        if (OpenSessions.Find(path) is { } known)
        {
            return known;
        }

        if (_openedAs != path)
        {
            _opened?.Dispose();
            _opened = null;
            (OpiSession session, bool isOpen) = OpenOrFind(path, new SessionOptions { WithoutLocks = noLock }, TimeSpan.FromSeconds(timeoutSec));
            if (isOpen)
            {
                return session;
            }

            _opened = session;
            _openedAs = path;
            WarnOfFindings(_opened);
        }

        return _opened!;
    }

    /// <summary>
    /// Opens a session, or finds it open in this process. Waits while another writer has it; one of this process is given as soon as it is
    /// known to be open for longer than a call.
    /// </summary>
    private protected (OpiSession Session, bool IsOpen) OpenOrFind(string path, SessionOptions options, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (OpenSessions.Find(path) is { } known)
            {
                return (known, true);
            }

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            try
            {
                return (OpiSession.Resume(path, options with { LockTimeout = left < Slice ? left : Slice }, Cancellation), false);
            }
            catch (SessionLockedException) when (Stopwatch.GetElapsedTime(start) < timeout)
            {
            }
        }
    }

    /// <summary>Says that compactions of a threshold are skipped, and what to do.</summary>
    private protected static string SuspendedWarning(OpiSession session) =>
        $"Session '{session.Id}': compaction is suspended, because three in a row failed or saved less than 5 % of the context. One is tried again "
            + $"later. See why, keep less (-KeepRecentTokens), or fix the summarizer; Invoke-OpiCompaction without -Reason runs at once, and ends "
            + $"this when it saves more.";

    /// <summary>Says once, in one line, what opening a session found.</summary>
    protected void WarnOfFindings(OpiSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        IReadOnlyList<string> findings = session.DescribeFindings(out bool lacksResults);
        if (lacksResults)
        {
            WarnedOnce.Of(session).IsNews(WarnedOnce.UnansweredCalls(session)); // so that Get-OpiContext does not repeat it
        }

        if (findings.Count > 0)
        {
            WriteWarning($"Session '{session.Id}': {string.Join("; ", findings)}.");
        }
    }
}
