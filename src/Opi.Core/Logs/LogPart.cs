namespace Opi;

/// <summary>A file, or a part of a large one, that is read on its own: the lines that begin in a range of bytes.</summary>
internal sealed class LogPart(LogFile file, long start, long end)
{
    private List<UsageDraft>? _drafts;
    private OpenedLog? _opened; // to see whose it is, and not read yet

    public LogFile File { get; } = file;

    /// <summary>Where it begins, in bytes; a line that began before is another part's.</summary>
    public long Start { get; private set; } = start;

    /// <summary>Where it ends; the line there is read to its end.</summary>
    public long End { get; } = end;

    /// <summary>How many bytes it has.</summary>
    public long Length => Math.Min(End, File.Length) - Start;

    /// <summary>The responses that were read, in the order of the file.</summary>
    public List<UsageDraft> Drafts => _drafts ??= [];

    /// <summary>The responses of a source that keeps them packed, instead of <see cref="Drafts"/>; null for the others.</summary>
    public PackedResponses? Packed { get; set; }

    /// <summary>How many responses were read.</summary>
    public int Count => Packed?.Count ?? _drafts?.Count ?? 0;

    /// <summary>The time of the last response; null where it has none.</summary>
    public DateTimeOffset? LastTime => Packed is { } packed ? packed.LastTime : _drafts?.LastOrDefault()?.Timestamp;

    /// <summary>Whether what is added to the file later is read too. A last line that is not whole is then left for later.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>What reads it, where it is followed and that can go on with what is added.</summary>
    public object? Reader { get; private set; }

    /// <summary>Notes where to go on.</summary>
    public void GoOnAt(long position, object reader) => (Start, Reader) = (position, reader);

    /// <summary>A copy with copies of its responses, so that bringing them together changes nothing here.</summary>
    public LogPart Copy()
    {
        var copy = new LogPart(File, 0, End) { State = State, Packed = Packed?.Copy() };
        copy.Drafts.AddRange(Drafts.Select(draft => draft.Copy()));
        return copy;
    }

    /// <summary>What else the source keeps of it until all parts are read.</summary>
    public object? State { get; set; }

    /// <summary>Reads it, or notes in the file why that cannot be.</summary>
    /// <param name="logs">The sources it may be of.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public void Read(IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        try
        {
            if (File.IsDisputed)
            {
                return;
            }

            if (Start > 0 || LogHead.Identify(File, logs, ref _opened, cancellation))
            {
                if (File.IsDatabase)
                {
                    Close(); // closing it later could take a lock from the database
                    DatabaseFile.Read(this, logs, cancellation);
                }
                else
                {
                    File.Log!.Read(this, cancellation);
                }

                File.HasResponses |= Count > 0;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or OpiException)
        {
            File.Fail(error.Message.TrimEnd('.'), error, File.IsDatabase);
        }
        catch (Exception error) when (error is not OperationCanceledException and not OutOfMemoryException)
        {
            File.Fail($"it could not be read: {error.GetType().Name}, {error.Message.TrimEnd('.')}", error); // one file costs itself only
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Opens the file, which the caller then owns.</summary>
    public OpenedLog Open()
    {
        OpenedLog log = _opened ?? File.OpenLog();
        _opened = null;
        return log;
    }

    private void Close()
    {
        _opened?.Dispose();
        _opened = null;
    }
}
