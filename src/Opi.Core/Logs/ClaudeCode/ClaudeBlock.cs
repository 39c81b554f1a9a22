namespace Opi;

/// <summary>
/// Some responses with their ids. One array of all in a file would be so large that the collector looks at it rarely, and would be copied as it
/// grows.
/// </summary>
internal sealed class ClaudeBlock
{
    /// <summary>How many there can be.</summary>
    public const int MaxCount = 256;

    private const int FirstCount = 4; // of many logs that is all
    private const int UsualIdLength = 28;

    private ClaudeResponse[] _items = new ClaudeResponse[FirstCount];
    private byte[] _ids = new byte[FirstCount * UsualIdLength];
    private int _count;
    private int _idsEnd;

    /// <summary>The response at a place.</summary>
    public ref ClaudeResponse this[int index] => ref _items[index];

    /// <summary>The id of the response at a place.</summary>
    public ClaudeId IdAt(int index) => new(_ids, _items[index].IdStart, _items[index].IdLength);

    /// <summary>Adds a response that says nothing yet.</summary>
    public void Add(ReadOnlySpan<byte> id)
    {
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, _count * 2);
        }

        if (_ids.Length - _idsEnd < id.Length)
        {
            Array.Resize(ref _ids, Math.Max(_ids.Length * 2, _idsEnd + id.Length));
        }

        id.CopyTo(_ids.AsSpan(_idsEnd));
        _items[_count++] = new ClaudeResponse { IdStart = _idsEnd, IdLength = id.Length };
        _idsEnd += id.Length;
    }

    /// <summary>A copy. They share the array of the ids, to which bytes are only added.</summary>
    public ClaudeBlock Copy() => new() { _items = _items.AsSpan().ToArray(), _ids = _ids, _count = _count, _idsEnd = _idsEnd };
}
