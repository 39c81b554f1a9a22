using System.Diagnostics;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Shows the progress of a long scan: nothing in the first second, then at most five updates a second.</summary>
internal sealed class ScanProgress(Cmdlet cmdlet, string activity) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = Patience;
    private bool _shown;

    /// <summary>Notes that the scan is at an item.</summary>
    public void At(string item, long index, long count)
    {
        if (_clock.Elapsed >= _next)
        {
            cmdlet.WriteProgress(new ProgressRecord(0, activity, VisibleText.Of(item)) { PercentComplete = (int)(100L * index / count) });
            _next = _clock.Elapsed + Interval;
            _shown = true;
        }
    }

    public void Dispose()
    {
        if (_shown)
        {
            cmdlet.WriteProgress(new ProgressRecord(0, activity, " ") { RecordType = ProgressRecordType.Completed });
            _shown = false;
        }
    }
}
