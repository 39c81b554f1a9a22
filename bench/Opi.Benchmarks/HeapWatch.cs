namespace Opi.Benchmarks;

/// <summary>Looks at the size of the managed heap, with what is not collected yet, every few milliseconds.</summary>
internal sealed class HeapWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly Timer _timer;
    private long _peak;

    public HeapWatch() => _timer = new Timer(_ => Look(), null, Interval, Interval);

    /// <summary>The largest size so far, in bytes.</summary>
    public long Peak
    {
        get
        {
            Look();
            return Interlocked.Read(ref _peak);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long now = GC.GetTotalMemory(forceFullCollection: false);
        for (long known = Interlocked.Read(ref _peak); now > known; known = Interlocked.Read(ref _peak))
        {
            if (Interlocked.CompareExchange(ref _peak, now, known) == known)
            {
                return;
            }
        }
    }
}
