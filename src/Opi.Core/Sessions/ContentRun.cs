namespace Opi;

/// <summary>Entries of one line of the conversation that no other entry of the conversation parts, in the order of the file.</summary>
/// <param name="From">Where the first one begins, in bytes.</param>
/// <param name="Line">The line there.</param>
/// <param name="To">Where the last one begins.</param>
internal readonly record struct ContentRun(long From, long Line, long To)
{
    /// <summary>Adds an entry to the last run, or as a new run.</summary>
    public static void Extend(List<ContentRun> runs, IndexedEntry entry, bool continues)
    {
        if (continues)
        {
            runs[^1] = runs[^1] with { To = entry.Offset };
        }
        else
        {
            runs.Add(new ContentRun(entry.Offset, entry.Line, entry.Offset));
        }
    }

    /// <summary>Whether an entry of the conversation that begins there is in one of the runs, which are in the order of the file.</summary>
    public static bool Have(List<ContentRun> runs, long offset)
    {
        int low = 0, high = runs.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            ContentRun run = runs[middle];
            if (offset < run.From)
            {
                high = middle - 1;
            }
            else if (offset > run.To)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The runs up to an entry that is in one of them, and those behind it.</summary>
    public static (List<ContentRun> Head, List<ContentRun> Tail) Split(List<ContentRun> runs, IndexedEntry last)
    {
        List<ContentRun> head = [], tail = [];
        foreach (ContentRun run in runs)
        {
            if (run.From > last.Offset)
            {
                tail.Add(run);
                continue;
            }

            head.Add(run with { To = Math.Min(run.To, last.Offset) });
            if (run.To > last.Offset)
            {
                tail.Add(new ContentRun(last.Offset + last.Length + 1, last.Line + 1, run.To)); // the line behind it may be no content
            }
        }

        return (head, tail);
    }
}
