namespace Opi;

/// <summary>What reading a log of Claude Code needs beside the log, and the next log that the same thread reads needs again.</summary>
internal sealed class ClaudeScratch
{
    private const long MaxLength = 1 << 19; // of a log: what a longer one left may be as large

    [ThreadStatic]
    private static ClaudeScratch? _spare;

    /// <summary>The session of the last line.</summary>
    public LastText Session = new();

    /// <summary>The folder of the last line.</summary>
    public LastText Project = new();

    /// <summary>The model of the last line.</summary>
    public LastText Model = new();

    /// <summary>
    /// A block of responses with room. It never grows: a scan that is over for this thread may still change the responses in it that are its own.
    /// </summary>
    public ClaudeBlock Block { get; private set; } = new(ClaudeBlock.MaxCount);

    /// <summary>The last response, where the log that is read has one: a log has a draft for each of its lines with a usage.</summary>
    public ClaudeDraft Last { get; private set; } = new();

    /// <summary>What the next line is read into.</summary>
    public ClaudeDraft Next { get; private set; } = new();

    /// <summary>Makes the draft that was read last the last response.</summary>
    public void KeepNext() => (Last, Next) = (Next, Last);

    /// <summary>That of the last log, or a new one.</summary>
    public static ClaudeScratch Take()
    {
        ClaudeScratch scratch = _spare ?? new ClaudeScratch();
        _spare = null;
        return scratch;
    }

    /// <summary>Leaves it to the next log.</summary>
    /// <param name="part">What was read.</param>
    /// <param name="block">The last block of its responses.</param>
    public void Leave(LogPart part, ClaudeBlock block)
    {
        if (part.Length <= MaxLength)
        {
            Block = block.HasRoom ? block : new ClaudeBlock(ClaudeBlock.MaxCount);
            _spare = this;
        }
    }
}
