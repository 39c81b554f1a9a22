using System.Collections;

namespace Opi;

/// <summary>Messages that are read when they are asked for, each time anew, and never held all at once.</summary>
/// <param name="count">How many.</param>
/// <param name="read">Reads one by its place.</param>
internal sealed class LazyMessages(int count, Func<int, AgentMessage> read) : IReadOnlyList<AgentMessage>
{
    public int Count => count;

    public AgentMessage this[int index] => (uint)index < (uint)count ? read(index) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<AgentMessage> GetEnumerator()
    {
        for (int i = 0; i < count; i++)
        {
            yield return read(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Their texts with semicolons between them.</summary>
    public override string ToString() => string.Join("; ", this);
}
