namespace Opi;

internal sealed partial class SessionWriter
{
    /// <summary>Reads all entries again, those too that were added since.</summary>
    /// <exception cref="InvalidSessionFileException">It is no session file any more, or cannot be read.</exception>
    public SessionIndex ReadIndex()
    {
        try
        {
            return SessionIndexer.Index(_file, Path, CancellationToken.None);
        }
        catch (IOException error)
        {
            throw new InvalidSessionFileException(Path, 1, "it cannot be read: " + error.Message, error);
        }
    }

    /// <summary>Whether the index beside the file fits it as it is.</summary>
    public bool HasIndexFile { get; private set; }

    /// <summary>Gives the facts for the index beside the file, once it is flushed and about to be closed; null for none.</summary>
    public Func<SessionFacts?>? FactsAtClose { get; set; }

    /// <summary>
    /// Deletes the index beside the file, which says something else than the file does, and refuses all that would be added: it would rest on
    /// what the index said.
    /// </summary>
    /// <returns>The error to throw.</returns>
    public SessionWriteException RefuseIndex()
    {
        _fault = $"the index beside the file, '{SessionIndexFile.PathFor(Path)}', does not say what the file says. Close the session and open it "
            + "again: then all of the file is read.";
        SessionIndexFile.Delete(Path);
        return new SessionWriteException(Path, _fault) { HasToReopen = true };
    }

    /// <summary>Reads the entries of the conversation in force from its end, back to a compaction or the start.</summary>
    public IEnumerable<IndexedEntry> ReadFromEnd(SessionFacts facts)
    {
        using var lines = new LinesFromEnd(_file, Length);
        long number = Lines + 1;
        while (lines.Previous() && lines.Offset > 0)
        {
            number--;
            if (!SessionIndexer.IsBlank(lines.Line)
                && Describe(lines.Line, number, lines.Offset) is { IsContent: true } entry && facts.IsInForce(entry))
            {
                yield return entry;
                if (entry.Type == EntryType.Compaction)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>
    /// Writes the index beside a session that is large enough for one. One that does not fit is not believed, so that it may stay where there is
    /// nothing to write.
    /// </summary>
    private void WriteIndexFile()
    {
        if (!HasIndexFile && _fault is null && !_stale && !_file.IsClosed && Length >= SessionIndexFile.SmallestSession
            && FactsAtClose?.Invoke() is { IsWhole: true } facts)
        {
            (facts.Length, facts.Lines) = (Length, Lines);
            SessionIndexFile.Write(Path, _file, facts);
        }
    }
}
