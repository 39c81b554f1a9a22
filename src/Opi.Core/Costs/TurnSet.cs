using System.Runtime.InteropServices;

namespace Opi;

/// <summary>
/// Which turns were counted. The turns of a session mostly come one after the other, and then only the first and the last are kept, so that a
/// million turns cost as little as their sessions.
/// </summary>
internal sealed class TurnSet
{
    private readonly Dictionary<int, (int First, int Last)> _runs = []; // by session
    private HashSet<long>? _others;

    /// <summary>Counts a turn. False where it was counted before.</summary>
    /// <param name="turn">The number of its session in the upper half, its own, from 1, in the lower.</param>
    public bool Add(long turn)
    {
        int number = (int)turn;
        ref (int First, int Last) run = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs, (int)(turn >> 32), out bool isKnown);
        if (!isKnown)
        {
            run = (number, number);
            return true;
        }

        if (number >= run.First && number <= run.Last)
        {
            return false;
        }

        if (number == run.Last + 1 || number == run.First - 1)
        {
            run = (Math.Min(run.First, number), Math.Max(run.Last, number));
            return _others?.Remove(turn) != true;
        }

        return (_others ??= []).Add(turn);
    }
}
