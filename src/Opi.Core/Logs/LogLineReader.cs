namespace Opi;

/// <summary>Reads the lines of a log one after the other.</summary>
internal abstract class LogLineReader(LogPart part)
{
    /// <summary>Why a line is skipped that was never JSON.</summary>
    protected const string NoJson = "a line that is not JSON";

    /// <summary>Why a line is skipped that lacks its end.</summary>
    protected const string Torn = "a line that was cut off";

    /// <summary>Why a line is skipped whose counts are not used, because one is invalid.</summary>
    protected const string NoCount = "a token count that is not a whole number";

    /// <summary>The part that is read.</summary>
    protected LogPart Part { get; } = part;

    /// <summary>How many lines have an answer of a model without a usage. It need not be counted after the first response.</summary>
    public int Answers { get; protected set; }

    /// <summary>Reads a line that is not blank.</summary>
    /// <param name="line">Its bytes, without white space around them.</param>
    /// <param name="complete">Whether it has its LF; without, it may still be being written.</param>
    public abstract void Read(ReadOnlySpan<byte> line, bool complete);

    /// <summary>Whether it can read further lines after <see cref="End"/>.</summary>
    public virtual bool CanGoOn => true;

    /// <summary>Called after the last line.</summary>
    public virtual void End()
    {
    }
}
