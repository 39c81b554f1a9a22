using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A file that may be a log.</summary>
internal sealed class LogFile(string path, long length, UsageLog? log)
{
    private static readonly object Gate = new(); // parts of a file are read at the same time, and few have what is skipped

    private NameCounts? _skipped;
    private int _lines;
    private int _answers;
    private int _linesWithoutUsage;
    private string? _failure;
    private Exception? _error;
    private bool _isLog;
    private bool _isEmpty;
    private (string SessionId, SessionRecovery Found)? _recovery;

    public string Path { get; } = path;

    public long Length { get; set; } = length;

    /// <summary>When it was last written to, in UTC.</summary>
    public DateTime LastWrite { get; set; }

    /// <summary>The time from which on responses are asked for; null for all. What is older need not be read.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whose it is; null before it was looked at, and when no source knows it.</summary>
    public UsageLog? Log { get; set; } = log;

    /// <summary>Whether it was taken for a log of <see cref="Log"/> only because its lines look like those.</summary>
    public bool IsGuess { get; set; }

    /// <summary>Whether some response with a usage was found in it, also one that used nothing.</summary>
    public bool HasResponses { get; set; }

    /// <summary>The first time in it.</summary>
    public DateTimeOffset? Began { get; set; }

    /// <summary>Notes that lines were skipped.</summary>
    public void Skip(string reason, int lines = 1)
    {
        lock (Gate)
        {
            (_skipped ??= new NameCounts()).Add(reason, lines);
        }
    }

    /// <summary>Notes how many lines were read, and how many of them have an answer of a model without a usage; not all need be counted.</summary>
    public void Count(int lines, int answers)
    {
        Interlocked.Add(ref _lines, lines);
        Interlocked.Add(ref _answers, answers);
    }

    /// <summary>Notes that it was not read.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="error">What stopped the reading; null when the file was refused for what it holds.</param>
    /// <param name="isLog">Whether it is a log for all that.</param>
    /// <param name="isEmpty">Whether nothing that counts can be in it, for all the error.</param>
    public void Fail(string reason, Exception? error = null, bool isLog = false, bool isEmpty = false) =>
        (_failure, _error, _isLog, _isEmpty) = (reason, error, isLog, isEmpty);

    /// <summary>Notes what is damaged in the file of a session of Opi.</summary>
    public void Recover(string sessionId, SessionRecovery found) => _recovery = (sessionId, found);

    /// <summary>Whether it is compressed, by its name.</summary>
    public bool IsCompressed => Path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens it. One that is compressed is expanded first.</summary>
    public SafeFileHandle Open() => Open(out _);

    /// <summary>Opens it, to be read from its beginning.</summary>
    public OpenedLog OpenLog() => new(Open(out long length), length);

    private SafeFileHandle Open(out long length)
    {
        if (!IsCompressed)
        {
            return RegularFile.Open(Path, out length);
        }

        SafeFileHandle file = PrivateFile.Expand(this);
        length = RandomAccess.GetLength(file);
        return file;
    }

    /// <summary>Notes that another source has it in its own folder too. Then neither reads it: both would count the same.</summary>
    public void Claim(UsageLog other)
    {
        if (Log is not null && other != Log)
        {
            IsDisputed = true;
            Fail($"{Log.Source} and {other.Source} both take it for theirs: their folders are the same", isLog: true);
        }
    }

    /// <summary>Whether several sources take it for theirs.</summary>
    public bool IsDisputed { get; private set; }

    /// <summary>Whether it is a database.</summary>
    public bool IsDatabase { get; set; }

    /// <summary>Notes that lines were read and have no token counts, as in logs of older versions of an agent.</summary>
    public void LackUsage(string reason, int lines = 1)
    {
        Skip(reason, lines);
        Interlocked.Add(ref _linesWithoutUsage, lines);
    }

    /// <summary>Notes, once, that the rest of it cannot be read.</summary>
    public void NoteDamage(string reason)
    {
        if (_skipped?.ContainsKey(reason) != true)
        {
            Skip(reason);
        }
    }

    /// <summary>Forgets what was noted of a reading that was disturbed: it is read again.</summary>
    public void ForgetReading()
    {
        lock (Gate)
        {
            (_skipped, _lines, _answers, _linesWithoutUsage) = (null, 0, 0, 0);
            (_failure, _error, _isLog, _isEmpty) = (null, null, false, false);
        }
    }

    /// <summary>What is wrong with it, after it was read; null when nothing is.</summary>
    public UsageFinding? ToFinding()
    {
        if (_failure is null && !HasResponses && (_answers > 0 || (IsGuess && _lines > 0)))
        {
            LackUsage("a line of a log without usage", _lines);
        }

        return _failure is not null ? new UsageFinding(Path, Log?.Source, _failure) { Error = _error, IsLog = _isLog, IsEmpty = _isEmpty }
        : _recovery is var (session, found) ? new UsageFinding(Path, Log?.Source, found.ToString(), found.CorruptLines) { SessionId = session }
        : _skipped is not null
            ? new UsageFinding(Path, Log?.Source, Reasons(_skipped), _skipped.Values.Sum()) { LinesWithoutUsage = _linesWithoutUsage }
        : null;
    }

    private static string Reasons(NameCounts skipped) =>
        string.Join(", ", skipped.Keys.Select(reason => $"{reason} ({skipped[reason]})"));
}
