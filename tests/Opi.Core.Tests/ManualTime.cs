namespace Opi.Tests;

/// <summary>A clock that a test sets. It moves on by a step each time somebody measures a time by it.</summary>
internal sealed class ManualTime(DateTimeOffset now, TimeSpan step = default) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp()
    {
        Now += step;
        return Now.Ticks;
    }
}
