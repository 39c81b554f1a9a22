using System.Text;

namespace Opi;

/// <summary>The responses of a part of a log of Claude Code, in the order of the file.</summary>
internal sealed class ClaudeResponses : PackedResponses
{
    private const int FirstLength = 8;
    private const int LongestUsualId = 32;

    private ClaudeResponse[] _items = [];
    private byte[] _ids = [];
    private int _count;
    private int _idsEnd;
    private ClaudeOrigin? _origin;

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override DateTimeOffset? LastTime => _count == 0 ? null : _items[_count - 1].Time;

    /// <summary>The response at a place, to be read and changed there.</summary>
    public ref ClaudeResponse this[int index] => ref _items[index];

    /// <summary>The id of the response at a place, UTF-8.</summary>
    public ClaudeId IdAt(int index) => new(_ids, _items[index].IdStart, _items[index].IdLength);

    /// <summary>The response at a place.</summary>
    public ClaudeDraft DraftAt(int index)
    {
        ClaudeDraft draft = _items[index].Unpack();
        draft.MessageKey = Encoding.UTF8.GetString(IdAt(index).Bytes);
        draft.ResponseId = draft.IsNamed ? draft.MessageKey : null;
        return draft;
    }

    /// <summary>Adds a response.</summary>
    /// <param name="draft">The response.</param>
    /// <param name="id">The id of its message or, without one, of the request or the line.</param>
    /// <returns>Its place.</returns>
    public int Add(ClaudeDraft draft, ReadOnlySpan<byte> id)
    {
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(FirstLength, _count * 2));
        }

        if (_ids.Length - _idsEnd < id.Length)
        {
            Array.Resize(ref _ids, Math.Max(_ids.Length * 2, _idsEnd + id.Length + ((FirstLength - 1) * LongestUsualId)));
        }

        id.CopyTo(_ids.AsSpan(_idsEnd));
        _items[_count] = new ClaudeResponse { IdStart = _idsEnd, IdLength = id.Length };
        _idsEnd += id.Length;
        Set(_count, draft);
        return _count++;
    }

    /// <summary>Takes what a draft says now.</summary>
    public void Set(int index, ClaudeDraft draft) => _origin = _items[index].Pack(draft, _origin);

    /// <summary>Gives back memory that is kept for more responses.</summary>
    public void Trim()
    {
        Array.Resize(ref _items, _count);
        Array.Resize(ref _ids, _idsEnd);
    }

    /// <inheritdoc/>
    public override PackedResponses Copy() => new ClaudeResponses
    {
        _items = _items.AsSpan(0, _count).ToArray(),
        _ids = _ids, // bytes are only added to it
        _count = _count,
        _idsEnd = _idsEnd,
        _origin = _origin,
    };
}
