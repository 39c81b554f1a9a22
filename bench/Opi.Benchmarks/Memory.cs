namespace Opi.Benchmarks;

/// <summary>What an action allocates, and how much of it stays.</summary>
internal static class Memory
{
    private const double Megabyte = 1e6;

    /// <summary>Prints the growth of the managed heap while what the action gives is held, and all that it allocated on the way.</summary>
    public static void Print(string name, Func<IDisposable> action)
    {
        action().Dispose(); // the pools fill, and static data comes to be
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        IDisposable held = action();
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        held.Dispose();
        GC.KeepAlive(held);
        Comparison.Line(
            $"{name}: the heap grows by {growth / Megabyte:0.0} MB; allocated in all {allocated / Megabyte:0.0} MB, which the peak cannot exceed");
    }
}
