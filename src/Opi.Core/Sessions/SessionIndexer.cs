using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>The one pass over a session file that every reader starts with.</summary>
internal static class SessionIndexer
{
    private const int LongestHeader = 1 << 20;

    private const int MaxBlankLine = 1000;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Reads the header and notes where each entry is. Bad lines are counted and skipped; in a version 2 file, unless
    /// <paramref name="lenient"/>, they refuse it. All faults are described when lenient, else the first ones.
    /// </summary>
    /// <exception cref="InvalidSessionFileException">There is no header, or a version 2 file has a bad line.</exception>
    /// <exception cref="UnsupportedFormatVersionException">The header is of an unknown version.</exception>
    public static SessionIndex Index(
        SafeFileHandle file, string path, CancellationToken cancellationToken, bool lenient = false)
    {
        using var lines = new LineReader(file);
        SessionHeader header = ReadHeader(lines, path);
        var entries = new List<IndexedEntry>();
        var faults = new List<LineFault>();
        int corrupt = 0, unknown = 0;
        long lineNumber = 1;
        long tornAt = -1;
        bool missingNewline = !lines.Complete;
        bool afterFault = false;
        var shared = new SharedTexts();
        while (lines.Next())
        {
            lineNumber++;
            if ((lineNumber & 0xFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            missingNewline = !lines.Complete;
            ReadOnlySpan<byte> line = lines.Line;
            if (IsBlank(line))
            {
                continue;
            }

            try
            {
                IndexedEntry entry = Describe(line, header.Version, lineNumber, lines.Offset, afterFault, ref shared);
                entries.Add(entry);
                unknown += entry.Type == EntryType.Unknown ? 1 : 0;
                afterFault = false;
            }
            catch (WireException fault)
            {
                if (IsWhiteSpace(line))
                {
                    continue;
                }

                if (!lines.Complete && !IsWholeJson(line))
                {
                    tornAt = lines.Offset;
                    continue;
                }

                if (header.Version > 1 && !lenient)
                {
                    throw new InvalidSessionFileException(path, lineNumber, fault.Message, fault);
                }

                corrupt++;
                afterFault = true;
                if (lenient || faults.Count < SessionRecovery.MaxFaults)
                {
                    faults.Add(new LineFault(lineNumber, lines.Offset, line.Length, fault.Message));
                }
            }
        }

        long length = lines.NextOffset;
        var recovery = new SessionRecovery
        {
            CorruptLines = corrupt,
            UnknownEntries = unknown,
            TornTailOffset = tornAt < 0 ? null : tornAt,
            TornTailBytes = tornAt < 0 ? 0 : length - tornAt,
            MissingNewline = missingNewline && tornAt < 0,
            Faults = faults,
        };
        return new SessionIndex(header, entries, recovery, length, tornAt < 0 ? lineNumber : lineNumber - 1);
    }

    public static SessionHeader ReadHeader(LineReader lines, string path)
    {
        lines.LongestLine = LongestHeader;
        if (!lines.Next())
        {
            throw new InvalidSessionFileException(path, 1, "the file is empty");
        }

        lines.LongestLine = Array.MaxLength;

        try
        {
            ReadOnlySpan<byte> line = lines.Line;
            return SessionHeader.Read(line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line);
        }
        catch (UnknownVersionException unknown)
        {
            throw new UnsupportedFormatVersionException(path, unknown.Version);
        }
        catch (WireException fault)
        {
            throw new InvalidSessionFileException(path, 1, fault.Message, fault);
        }
    }

    /// <summary>Makes the index's record of a line.</summary>
    /// <exception cref="WireException">The line is corrupt.</exception>
    public static IndexedEntry Describe(ReadOnlySpan<byte> line, int version, long lineNumber, long offset, bool afterFault, ref SharedTexts shared)
    {
        var facts = new EntryFacts();
        LineWire.Inspect(line, version, ref facts);
        string? parent = facts.HasParent ? Share(facts.ParentId, ref shared.Id) : null;
        return new IndexedEntry(facts.Type, Share(facts.Id, ref shared.Id), parent, Share(facts.Timestamp, ref shared.Timestamp))
        {
            Role = facts.Message.Role,
            TargetId = facts.Type is EntryType.Leaf or EntryType.Compaction ? facts.Target.ToString() : null,
            TargetIds = facts.Targets,
            Removes = facts.Removes,
            Usage = facts.Message.Usage,
            MadeMs = facts.Message.TimestampMs,
            Model = facts.Message.Role == EntryRole.Assistant ? ShareModel(facts, ref shared)
                : facts.Type == EntryType.ModelChange ? facts.Target.ToString()
                : EntryWire.SpentModel(facts),
            Line = lineNumber,
            Offset = offset,
            Length = line.Length,
            FollowsFault = afterFault,
        };
    }

    private static string? ShareModel(EntryFacts facts, ref SharedTexts shared)
    {
        if (!facts.Message.Provider.Is(shared.Provider) || !facts.Message.Model.Is(shared.Model))
        {
            shared.Provider = facts.Message.Provider.ToString();
            shared.Model = facts.Message.Model.ToString();
            shared.Spec = ModelName.Join(shared.Provider, shared.Model);
        }

        return shared.Spec;
    }

    private static string Share(JsonString text, ref string last) => text.Is(last) ? last : last = text.ToString();

    public static bool IsBlank(ReadOnlySpan<byte> line) => line.TrimStart(" \t\r\v\f"u8).IsEmpty;

    /// <summary>Whether a line that is not JSON is blank after all: white space of Unicode, which opi skips too.</summary>
    private static bool IsWhiteSpace(ReadOnlySpan<byte> line) =>
        line.Length < MaxBlankLine && System.Text.Unicode.Utf8.IsValid(line) && string.IsNullOrWhiteSpace(System.Text.Encoding.UTF8.GetString(line));

    /// <summary>Whether a last line without LF is a whole value, which a cut never leaves: it is wrong, but it was not torn.</summary>
    private static bool IsWholeJson(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new JsonCursor(line);
            json.Skip();
            json.End();
            return System.Text.Unicode.Utf8.IsValid(line);
        }
        catch (WireException)
        {
            return false;
        }
    }

    /// <summary>Texts that mostly repeat from line to line (a parent is mostly the entry before), so that they are held once.</summary>
    public struct SharedTexts()
    {
        public string Id = "";
        public string Timestamp = "";
        public string Provider = "";
        public string Model = "";
        public string? Spec;
    }
}
