namespace Opi;

internal sealed partial class SessionWriter
{
    /// <summary>
    /// Writes the batch. What has to be known of it before it is acknowledged is looked at while the disk writes, and the flush waits for the
    /// disk.
    /// </summary>
    private void WriteBatch(Action? meanwhile)
    {
        if (_fault is { } fault)
        {
            throw new SessionWriteException(Path, fault) { HasToReopen = true };
        }

        try
        {
            if (_stale)
            {
                Reopen();
            }

            CheckFile();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _stale = true;
            throw new SessionWriteException(Path, error.Message, error) { HasToReopen = error is ChangedFileException };
        }

        try
        {
            HasIndexFile = false;
            Batches++;
            FileSizeLimit.Write(_file, _buffer.Span, Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Undo(error.Message, error);
        }

        long at = CheckBatch();
        meanwhile?.Invoke();
        if (_durability == Durability.Flush)
        {
            try
            {
                NativeFile.Flush(_file);
            }
            catch (IOException error)
            {
                _fault = "an earlier flush to disk failed, so what the disk holds is not known. Close the session and open it again.";
                throw Undo($"{error.Message}. Close the session and open it again.", error);
            }
        }

        Length = at + _buffer.Length;
    }

    /// <summary>Asserts that the batch can be read and is in the file that has the name, and gives its offset.</summary>
    private long CheckBatch()
    {
        if (_durability == Durability.Flush)
        {
            NativeFile.StartFlush(_file, Length, _buffer.Length);
        }

        try
        {
            ReadBack(Length);
        }
        catch (InvalidEntryException refused)
        {
            throw Undo(refused.Message, refused) is { HasToReopen: true } kept ? kept : refused;
        }

        long length;
        try
        {
            // If another file has the name now, the bytes went into a file that nothing refers to.
            if (FileIdentity.Of(_target) is not { } named || !named.IsSameAs(_identity) || FileIdentity.IsGoing(_file))
            {
                throw new IOException("the file was deleted or replaced while the session was open. Put it back and try again.");
            }

            length = named.Length;
        }
        catch (IOException error)
        {
            throw Undo(error.Message, error);
        }

        if (length == Length + _buffer.Length)
        {
            return Length;
        }

        long at = FindBatch(length);
        ReadBack(at); // the records say where the lines are
        return at;
    }

    /// <summary>Reads the lines of the batch as every later reader will: what is acknowledged can be read again.</summary>
    /// <param name="at">Where the batch stands in the file.</param>
    private void ReadBack(long at)
    {
        _written.Clear();
        int start = 0;
        while (_written.Count < _staged)
        {
            int length = _buffer.Span[start..].IndexOf((byte)'\n');
            try
            {
                _written.Add(Describe(_buffer.Span.Slice(start, length), Lines + _written.Count + 1, at + start));
            }
            catch (WireException fault)
            {
                throw new InvalidEntryException(Path, fault.Message, fault) { Entry = _written.Count };
            }

            start += length + 1;
        }
    }
}
