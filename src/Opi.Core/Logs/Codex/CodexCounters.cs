namespace Opi;

/// <summary>
/// The running totals of a file. There is one, unless a fork's counter goes on in the file between the lines of another: then each count goes
/// on from the counter that it fits.
/// </summary>
internal sealed class CodexCounters
{
    private const int MaxCounters = 32;

    private readonly List<CodexTokens> _totals = []; // the counter which moved last is the last

    /// <summary>What a count adds: nothing if a total is repeated.</summary>
    public CodexTokens Advance(CodexCount count)
    {
        if (count.Total is not { } total)
        {
            return count.Last.GetValueOrDefault();
        }

        if (_totals.Contains(total))
        {
            Move(_totals.IndexOf(total), total);
            return default;
        }

        if (count.Last is not { } last)
        {
            // The counter is not known. A total that falls has started again.
            CodexTokens before = _totals.Count > 0 && total.Follows(_totals[^1]) ? _totals[^1] : default;
            Move(_totals.Count - 1, total);
            return total - before;
        }

        int fits = _totals.FindLastIndex(known => known.Total + last.Total == total.Total && known + last == total);
        if (fits >= 0)
        {
            Move(fits, total);
            return last;
        }

        if (_totals.Count > 0 && total.Follows(_totals[^1]))
        {
            CodexTokens advance = total - _totals[^1];
            if (advance.Total <= last.Total || (count.IsAfterGap && _totals.Count == 1))
            {
                Move(_totals.Count - 1, total);
                return advance;
            }
        }

        Move(-1, total);
        return last;
    }

    private void Move(int counter, CodexTokens total)
    {
        if (counter >= 0)
        {
            _totals.RemoveAt(counter);
        }
        else if (_totals.Count == MaxCounters)
        {
            _totals.RemoveAt(0);
        }

        _totals.Add(total);
    }
}
