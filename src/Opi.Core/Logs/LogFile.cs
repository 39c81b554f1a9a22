using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A file that may be a log.</summary>
internal sealed class LogFile(string path, long length, UsageLog? log)
{
    private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);
    private string? _failure;

    public string Path { get; } = path;

    public long Length { get; } = length;

    /// <summary>Whose it is; null while nobody has looked, and when it is nobody's.</summary>
    public UsageLog? Log { get; set; } = log;

    /// <summary>The first time in it.</summary>
    public DateTimeOffset? Began { get; set; }

    /// <summary>Notes that lines were passed over.</summary>
    public void Skip(string reason, int lines = 1)
    {
        lock (_skipped)
        {
            _skipped[reason] = _skipped.GetValueOrDefault(reason) + lines;
        }
    }

    /// <summary>Notes that it was not read.</summary>
    public void Fail(string reason) => _failure = reason;

    public SafeFileHandle Open() => File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public UsageFinding? ToFinding() =>
        _failure is not null ? new UsageFinding(Path, Log?.Source, _failure)
        : _skipped.Count > 0
            ? new UsageFinding(
                Path, Log?.Source, string.Join(", ", _skipped.Select(reason => $"{reason.Key} ({reason.Value})")), _skipped.Values.Sum())
        : null;
}
