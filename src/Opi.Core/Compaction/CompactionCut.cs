namespace Opi;

/// <summary>Finds the place where a context is cut in two: what is before it leaves, what is behind it stays.</summary>
internal sealed class CompactionCut
{
    /// <summary>How many messages or tool groups stay at least where tokens are counted, however large they are.</summary>
    private const int FloorGroups = 2;

    private readonly MessageSketch[] _messages;
    private readonly bool[] _safe;
    private readonly bool[]? _held;
    private readonly long[] _tail; // tokens from a place to the end
    private readonly long[] _heldBefore; // tokens of what pins hold before a place

    /// <param name="entries">The context.</param>
    /// <param name="messages">Its messages.</param>
    /// <param name="held">Which of them stay wherever the cut is; null for none.</param>
    public CompactionCut(IReadOnlyList<ContextEntry> entries, MessageSketch[] messages, bool[]? held = null)
    {
        _messages = messages;
        _held = held;
        _safe = ToolGroups.SafeCuts(messages);
        _tail = new long[messages.Length + 1];
        _heldBefore = new long[messages.Length + 1];
        for (int i = messages.Length - 1; i >= 0; i--)
        {
            // The first kept entry is recorded. Readers look for it among the messages only; opi among those of its own context.
            _safe[i] &= messages[i].IsMessage && !entries[i].IsCarried;
            _tail[i] = TokenMath.Add(_tail[i + 1], messages[i].Size);
        }

        var seen = new HashSet<string>(messages.Length, StringComparer.Ordinal);
        for (int i = 0; i < messages.Length; i++)
        {
            _safe[i] &= seen.Add(entries[i].Id); // readers take the first entry of an id
            _heldBefore[i + 1] = held?[i] == true ? TokenMath.Add(_heldBefore[i], messages[i].Size) : _heldBefore[i];
        }
    }

    public long TotalTokens => _tail[0];

    /// <summary>Estimated tokens of what stays: what is behind the cut, and what pins hold before it.</summary>
    public long TokensFrom(int cut) => TokenMath.Add(_tail[cut], _heldBefore[cut]);

    public bool Stays(int place, int cut) => place >= cut || _held?[place] == true;

    /// <summary>The largest message of what stays.</summary>
    public int LargestFrom(int cut) =>
        Enumerable.Range(0, _messages.Length).Where(place => Stays(place, cut)).MaxBy(place => _tail[place] - _tail[place + 1]);

    /// <summary>The cut by a rule; 0 when nothing is to leave.</summary>
    public int Find(KeepRecent keep) => keep.Unit switch
    {
        KeepRecentUnit.Tokens => NearTokens(keep.Amount),
        KeepRecentUnit.Turns => Turns(keep.Amount),
        _ => SafeAtOrBefore(_messages.Length - Math.Max(1, _messages.Length / 4)),
    };

    /// <summary>
    /// The cut that leaves as much as may stay, at the start of a turn where one leaves at least half of that. When even the last group is
    /// too large it is that group; 0 when there is only one.
    /// </summary>
    public int Within(long limit)
    {
        int most = -1, turn = -1;
        List<int> cuts = [.. Cuts(1)];
        for (int i = cuts.Count - 1; i >= 0; i--)
        {
            int cut = cuts[i];
            if (TokensFrom(cut) > limit)
            {
                break;
            }

            most = cut;
            turn = StartsTurn(cut) && TokensFrom(cut) >= limit / 2 ? cut : turn;
        }

        return turn > 0 ? turn : most > 0 ? most : cuts.LastOrDefault();
    }

    private int NearTokens(long wanted)
    {
        int first = FirstMessage();
        if (_tail[first] <= wanted)
        {
            return 0;
        }

        int best = 0, turn = 0;
        foreach (int cut in Cuts(FloorGroups))
        {
            best = best == 0 || Distance(cut) < Distance(best) ? cut : best;
            if (StartsTurn(cut) && Distance(cut) <= wanted / 2)
            {
                turn = turn == 0 || Distance(cut) < Distance(turn) ? cut : turn;
            }
        }

        return turn > 0 ? turn : best;

        long Distance(int cut) => Math.Abs(_tail[cut] - wanted);
    }

    private int Turns(long wanted)
    {
        int first = FirstMessage();
        for (int i = _messages.Length - 1; i > first; i--)
        {
            if (StartsTurn(i) && --wanted == 0)
            {
                int cut = SafeAtOrBefore(i);
                return cut > first ? cut : 0;
            }
        }

        return 0;
    }

    private int SafeAtOrBefore(int wanted)
    {
        int cut = wanted;
        while (cut > 0 && !_safe[cut])
        {
            cut--;
        }

        return cut;
    }

    /// <summary>The places where a cut is safe, at least a message leaves, and at least so many groups stay, oldest first.</summary>
    private IEnumerable<int> Cuts(int groups)
    {
        int first = FirstMessage();
        int last = _messages.Length - 1;
        for (int left = groups; last > first; last--)
        {
            if (_safe[last] && --left == 0)
            {
                break;
            }
        }

        return Enumerable.Range(0, last + 1).Where(cut => cut > first && _safe[cut]);
    }

    /// <summary>The first message that is not a summary and can leave.</summary>
    private int FirstMessage()
    {
        int first = 0;
        while (first < _messages.Length - 1 && (!_messages[first].IsMessage || _held?[first] == true))
        {
            first++;
        }

        return first;
    }

    private bool StartsTurn(int place) => _messages[place].IsUser && (place == 0 || !_messages[place - 1].IsUser);
}
