namespace Opi;

/// <summary>An entry of the conversation from which the next ones are found, so that a file need not be read from its start.</summary>
/// <param name="Number">The number in its id.</param>
/// <param name="At">Where it stands.</param>
/// <param name="State">What there is from the start of its line of the conversation to it.</param>
internal readonly record struct ChainMark(ulong Number, LinePlace At, ChainState State)
{
    /// <summary>Where the line behind it begins, in bytes.</summary>
    public long Next => At.Offset + At.Length + 1;
}
