namespace Opi;

/// <summary>
/// Some responses with their ids. One array of all in a file would be so large that the collector looks at it rarely, and would be copied as it
/// grows. Small files that are read one after the other share one: the collector looks at each object that is kept until all files are read.
/// </summary>
/// <param name="capacity">How many there is room for at first.</param>
internal sealed class ClaudeBlock(int capacity)
{
    /// <summary>How many there can be.</summary>
    public const int MaxCount = 256;

    /// <summary>How many most logs have at most.</summary>
    public const int FirstCount = 4;

    private const int UsualIdLength = 28;

    private ClaudeResponse[] _items = new ClaudeResponse[capacity];
    private byte[] _ids = new byte[capacity * UsualIdLength];
    private int _idsEnd;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Whether the next log's responses can come behind these, also in another scan: a block that grows would lose what the first scan changes
    /// then. Long ids are not to be kept for it.
    /// </summary>
    public bool HasRoom => Count < MaxCount && _items.Length == MaxCount && _ids.Length <= 2 * MaxCount * UsualIdLength;

    /// <summary>The response at a place.</summary>
    public ref ClaudeResponse this[int index] => ref _items[index];

    /// <summary>The id of the response at a place.</summary>
    public ClaudeId IdAt(int index) => new(_ids, _items[index].IdStart, _items[index].IdLength);

    /// <summary>Adds a response that says nothing yet.</summary>
    public void Add(ReadOnlySpan<byte> id)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        if (_ids.Length - _idsEnd < id.Length)
        {
            Array.Resize(ref _ids, Math.Max(_ids.Length * 2, _idsEnd + id.Length));
        }

        id.CopyTo(_ids.AsSpan(_idsEnd));
        _items[Count++] = new ClaudeResponse { IdStart = _idsEnd, IdLength = id.Length };
        _idsEnd += id.Length;
    }

    /// <summary>A copy. They share the array of the ids, to which bytes are only added.</summary>
    public ClaudeBlock Copy() => new(0) { _items = _items.AsSpan().ToArray(), _ids = _ids, Count = Count, _idsEnd = _idsEnd };
}
