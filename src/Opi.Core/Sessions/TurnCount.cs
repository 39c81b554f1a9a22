namespace Opi;

/// <summary>
/// Counts turns, and those with an answer whose usage was not reported. A turn begins with a user's prompt; what comes before the first one
/// belongs to no turn.
/// </summary>
internal struct TurnCount
{
    private bool _unknownInTurn;

    public TurnCount(int turns, int unknown, bool unknownInTurn) => (Turns, Unknown, _unknownInTurn) = (turns, unknown, unknownInTurn);

    public int Turns { get; private set; }

    /// <summary>How many of them have an answer whose usage was not reported, and how many such answers are before the first one.</summary>
    public int Unknown { get; private set; }

    /// <summary>Whether the last turn has such an answer, so that a second one in it does not count again.</summary>
    public readonly bool UnknownInTurn => _unknownInTurn;

    /// <summary>Counts a message.</summary>
    /// <param name="role">Who speaks.</param>
    /// <param name="usage">The tokens of an answer; null for all else.</param>
    public void Add(EntryRole role, Usage? usage)
    {
        if (role == EntryRole.User)
        {
            Turns++;
            _unknownInTurn = false;
        }
        else if (usage is { IsKnown: false })
        {
            Unknown += _unknownInTurn ? 0 : 1;
            _unknownInTurn |= Turns > 0;
        }
    }
}
