using Microsoft.Win32.SafeHandles;

namespace Opi;

internal sealed partial class SessionWriter
{
    private const int IndexEvery = 1 << 20;

    private long _indexAgainAt; // once the file has so many bytes

    /// <summary>Reads all entries again, those too that were added since.</summary>
    /// <exception cref="InvalidSessionFileException">It is not a session file any more, or cannot be read.</exception>
    public SessionIndex ReadIndex()
    {
        try
        {
            return SessionIndexer.Index(_file, Path, CancellationToken.None);
        }
        catch (IOException error)
        {
            throw InvalidSessionFileException.NotRead(Path, error);
        }
    }

    /// <summary>Whether the index file fits the file now.</summary>
    public bool HasIndexFile { get; private set; }

    /// <summary>Gives the facts for the index file, once the file is flushed and about to be closed; null for none.</summary>
    public Func<SessionFacts?>? FactsAtClose { get; set; }

    /// <summary>
    /// Deletes the index file, which contradicts the file, and refuses all further writes: they would depend on
    /// it.
    /// </summary>
    /// <returns>The error to throw.</returns>
    public SessionWriteException RefuseIndex()
    {
        _fault = $"the index beside the file, '{SessionIndexFile.PathFor(Path)}', does not match the file. Close the session and open it "
            + "again: then all of the file is read.";
        SessionIndexFile.Delete(Path);
        return new SessionWriteException(Path, _fault) { HasToReopen = true };
    }

    /// <summary>The record of a line that the index says can be read.</summary>
    private IndexedEntry DescribeKnown(ReadOnlySpan<byte> line, long number, long offset)
    {
        try
        {
            return Describe(line, number, offset);
        }
        catch (WireException)
        {
            throw RefuseIndex();
        }
    }

    /// <summary>The file opened once more, for reading. It stays open while what this gives is held, also when this is closed.</summary>
    /// <exception cref="InvalidSessionFileException">Another file has its name, or it cannot be opened.</exception>
    public SessionLines OpenFileToRead()
    {
        SafeFileHandle file = SessionReader.OpenHandle(Path);
        if (FileIdentity.Of(file).IsSameAs(_identity))
        {
            return new SessionLines(file, Path, _version);
        }

        file.Dispose();
        throw new InvalidSessionFileException(Path, 1, "another file has its name now", null);
    }

    /// <summary>Reads from any line of the file on.</summary>
    public SessionLines OpenLines() => new(_file, Path, _version);

    /// <summary>Reads the entries of the active conversation from its end, back to a compaction or the start.</summary>
    public IEnumerable<IndexedEntry> ReadFromEnd(SessionFacts facts)
    {
        using var lines = new LinesFromEnd(_file, Length);
        long number = Lines + 1;
        while (lines.Previous() && lines.Offset > 0)
        {
            number--;
            if (!SessionIndexer.IsBlank(lines.Line)
                && DescribeKnown(lines.Line, number, lines.Offset) is { IsContent: true } entry && facts.IsInForce(entry))
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
    /// Writes the index for readers after the first batch, and again after each so many bytes: what is added since is what they read.
    /// </summary>
    /// <param name="facts">What it is to say.</param>
    /// <param name="isDue">Whether what was added could not be followed, so that one is due at once.</param>
    public void KeepOpenIndex(SessionFacts facts, bool isDue = false)
    {
        _indexAgainAt = isDue ? 0 : _indexAgainAt;
        if (WantsOpenIndex && facts.Length == Length)
        {
            _indexAgainAt = Length + IndexEvery;
            SessionIndexFile.WriteOpen(Path, _file, facts);
        }
    }

    /// <summary>Whether <see cref="KeepOpenIndex"/> would write one.</summary>
    public bool WantsOpenIndex => Length >= SessionIndexFile.SmallestSession && Length >= _indexAgainAt && _lock is not null;

    /// <summary>Writes the index of a session that is large enough for one. An index that cannot be right any more is deleted.</summary>
    private void WriteIndexFile()
    {
        if (HasIndexFile || _file.IsClosed || Length < SessionIndexFile.SmallestSession)
        {
            return;
        }

        if (_fault is null && !_stale && FactsAtClose?.Invoke() is { IsWhole: true } facts)
        {
            (facts.Length, facts.Lines) = (Length, Lines);
            SessionIndexFile.Write(Path, _file, facts);
        }
        else
        {
            SessionIndexFile.Discard(Path);
        }
    }
}
