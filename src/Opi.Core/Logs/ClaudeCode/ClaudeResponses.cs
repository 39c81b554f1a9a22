using System.Text;

namespace Opi;

/// <summary>The responses of a part of a log of Claude Code, in the order of the file.</summary>
internal sealed class ClaudeResponses : PackedResponses
{
    private readonly List<ClaudeBlock> _blocks = [];
    private int _count;
    private ClaudeOrigin? _origin;

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override DateTimeOffset? LastTime => _count == 0 ? null : this[_count - 1].Time;

    /// <summary>The response at a place, to be read and changed there.</summary>
    public ref ClaudeResponse this[int index] => ref _blocks[index / ClaudeBlock.MaxCount][index % ClaudeBlock.MaxCount];

    /// <summary>The id of the response at a place.</summary>
    public ClaudeId IdAt(int index) => _blocks[index / ClaudeBlock.MaxCount].IdAt(index % ClaudeBlock.MaxCount);

    /// <summary>The response at a place.</summary>
    public ClaudeDraft DraftAt(int index)
    {
        ClaudeDraft draft = this[index].Unpack();
        draft.MessageKey = Encoding.UTF8.GetString(IdAt(index).Bytes);
        draft.ResponseId = draft.IsNamed ? draft.MessageKey : null;
        return draft;
    }

    /// <summary>Adds a response.</summary>
    /// <param name="draft">The response.</param>
    /// <param name="id">The id of its message or, without one, of the request or the line; UTF-8.</param>
    /// <returns>Its place.</returns>
    public int Add(ClaudeDraft draft, ReadOnlySpan<byte> id)
    {
        if (_count == _blocks.Count * ClaudeBlock.MaxCount)
        {
            _blocks.Add(new ClaudeBlock());
        }

        _blocks[^1].Add(id);
        Set(_count, draft);
        return _count++;
    }

    /// <summary>Takes what a draft says now.</summary>
    public void Set(int index, ClaudeDraft draft) => _origin = this[index].Pack(draft, _origin);

    /// <inheritdoc/>
    public override PackedResponses Copy()
    {
        var copy = new ClaudeResponses { _count = _count, _origin = _origin };
        copy._blocks.AddRange(_blocks.Select(block => block.Copy()));
        return copy;
    }
}
