using System.Text;

namespace Opi;

/// <summary>The responses of a part of a log of Claude Code, in the order of the file.</summary>
/// <param name="begun">A block with room, where the first ones come behind those of other parts; null for none.</param>
internal sealed class ClaudeResponses(ClaudeBlock? begun = null) : PackedResponses
{
    private int _start = begun?.Count ?? 0; // where in the first block the first one is
    private ClaudeBlock? _first = begun;
    private List<ClaudeBlock>? _further; // few logs have them
    private int _count;
    private ClaudeOrigin? _origin;

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override DateTimeOffset? LastTime => _count == 0 ? null : this[_count - 1].Time;

    /// <summary>The last block; null when there is none.</summary>
    public ClaudeBlock? Last => _further is [.., var last] ? last : _first;

    /// <summary>The response at a place, to be read and changed there.</summary>
    public ref ClaudeResponse this[int index] => ref BlockOf(index)[PlaceOf(index)];

    /// <summary>The id of the response at a place.</summary>
    public ClaudeId IdAt(int index) => BlockOf(index).IdAt(PlaceOf(index));

    /// <summary>Reads the response at a place into a draft that is used again.</summary>
    public void Read(int index, ClaudeDraft draft)
    {
        this[index].Unpack(draft);
        draft.MessageKey = Encoding.UTF8.GetString(IdAt(index).Bytes);
        draft.ResponseId = draft.IsNamed ? draft.MessageKey : null;
    }

    /// <summary>Adds a response.</summary>
    /// <param name="draft">The response.</param>
    /// <param name="id">The id of its message or, without one, of the request or the line; UTF-8.</param>
    /// <returns>Its place.</returns>
    public int Add(ClaudeDraft draft, ReadOnlySpan<byte> id)
    {
        ClaudeBlock? last = Last;
        if (last is null)
        {
            last = _first = new ClaudeBlock(ClaudeBlock.FirstCount);
        }
        else if (last.Count == ClaudeBlock.MaxCount)
        {
            (_further ??= []).Add(last = new ClaudeBlock(ClaudeBlock.MaxCount));
        }

        last.Add(id);
        Set(_count, draft);
        return _count++;
    }

    /// <summary>Takes what a draft says now.</summary>
    public void Set(int index, ClaudeDraft draft) => _origin = this[index].Pack(draft, _origin);

    /// <inheritdoc/>
    public override PackedResponses Copy() =>
        new ClaudeResponses
        {
            _start = _start,
            _count = _count,
            _origin = _origin,
            _first = _first?.Copy(),
            _further = _further?.ConvertAll(block => block.Copy()),
        };

    private ClaudeBlock BlockOf(int index)
    {
        int block = (_start + index) / ClaudeBlock.MaxCount;
        return block == 0 ? _first! : _further![block - 1];
    }

    private int PlaceOf(int index) => (_start + index) % ClaudeBlock.MaxCount;
}
