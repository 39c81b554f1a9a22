using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Writes what can be saved of a damaged session into a new file. Whole lines are copied as they are. Of a bad line its NULs are taken
/// away, entries that were glued together in it are parted, and a character that was cut in two becomes U+FFFD. An entry whose parent was lost is
/// linked to the entry before the damage.
/// </summary>
internal static class SessionRepair
{
    /// <summary>Repairs a session into a new file.</summary>
    /// <param name="path">The damaged file; it is not changed.</param>
    /// <param name="destination">The new file.</param>
    /// <param name="replace">Whether an existing destination is replaced.</param>
    /// <param name="cancellationToken">Stops the work; then there is no new file.</param>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">There is nothing in it to save, or it cannot be read.</exception>
    /// <exception cref="UnsupportedFormatVersionException">It is of a version that is not known.</exception>
    /// <exception cref="SessionWriteException">The new file exists and is not to be replaced, or cannot be written.</exception>
    public static OpiRepairResult Repair(string path, string destination, bool replace = false, CancellationToken cancellationToken = default)
    {
        if (SessionStore.IsSameFile(path, destination))
        {
            throw SessionWriteException.SameFile(path);
        }

        if (WindowsFile.IsDevice(Path.GetFullPath(destination)))
        {
            throw SessionWriteException.NotRepaired(destination, "Windows keeps that name for a device. Give another path.");
        }

        if (FileIdentity.Of(destination) is { IsRegular: false })
        {
            throw SessionWriteException.NotReplaced(destination, "a folder, a device or a pipe");
        }

        if (!replace && File.Exists(destination))
        {
            throw SessionWriteException.Exists(destination);
        }

        if (OwnData.Describe(destination) is { } own and not "a session")
        {
            throw SessionWriteException.NotReplaced(destination, own);
        }

        using SafeFileHandle file = SessionReader.OpenHandle(path);
        using FileLock? held = File.Exists(destination) ? SessionLock.Acquire(destination) : null; // no writer may have it
        var salvage = new Salvage(path, cancellationToken);
        try
        {
            NewFile.Write(destination, replace, stream => salvage.Run(file, stream));
            return salvage.Result(destination);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SessionWriteException.NotRepaired(destination, error.Message, error);
        }
    }

    private sealed class Salvage(string path, CancellationToken cancellationToken)
    {
        private readonly List<LineFault> _leftOut = [];
        private readonly HashSet<string> _ids = [];
        private SessionHeader _header = null!;
        private string? _lastContent;
        private bool _afterLoss;
        private bool _headerRebuilt;
        private int _kept;
        private int _relinked;
        private int _mended;

        public OpiRepairResult Result(string destination) => new(_header.Id, path, destination, _kept, _relinked, _headerRebuilt, _leftOut)
        {
            EntriesMended = _mended,
        };

        public void Run(SafeFileHandle file, Stream target)
        {
            using var lines = new LineReader(file);
            _header = ReadHeader(file, lines, out bool firstLineIsEntry);
            SessionFork.WriteHeader(target, _header);
            long number = 1;
            if (firstLineIsEntry)
            {
                Save(lines, number, target);
            }

            while (lines.Next())
            {
                number++;
                cancellationToken.ThrowIfCancellationRequested();
                if (!SessionIndexer.IsBlank(lines.Line))
                {
                    Save(lines, number, target);
                }
            }

            if (_headerRebuilt && _kept == 0)
            {
                throw new InvalidSessionFileException(path, 1, "it has neither a header nor an entry, so there is nothing to save");
            }
        }

        private SessionHeader ReadHeader(SafeFileHandle file, LineReader lines, out bool firstLineIsEntry)
        {
            firstLineIsEntry = false;
            try
            {
                return SessionIndexer.ReadHeader(lines, path);
            }
            catch (InvalidSessionFileException fault) when (lines.NextOffset > 0)
            {
                _headerRebuilt = true;
                string id = System.IO.Path.GetFileNameWithoutExtension(path);
                _header = new SessionHeader(id, WireTime.Format(File.GetLastWriteTimeUtc(path)), "", null);
                if (HasEnvelopes(file))
                {
                    _header = _header with { Version = SessionHeader.HighestVersion, RuntimeInputBinding = RuntimeInputBinding.Create(id, "", null) };
                }

                firstLineIsEntry = FaultOf(lines.Line) is null;
                if (!firstLineIsEntry)
                {
                    _leftOut.Add(new LineFault(1, 0, lines.Line.Length, fault.Reason));
                }

                return _header;
            }
        }

        private void Save(LineReader lines, long number, Stream target)
        {
            if (FaultOf(lines.Line) is not { } reason)
            {
                Keep(lines.Line, target);
                return;
            }

            if (WithWholeCharacters(lines.Line) is { } whole && FaultOf(whole) is null)
            {
                Keep(whole, target);
                _mended++;
                return;
            }

            // Not an entry as a whole: look at what is in it, and note what is before, between and after.
            byte[] bytes = [.. lines.Line.ToArray().Where(b => b != 0)];
            int keptUpTo = 0;
            for (int at = NextObject(bytes, 0); at >= 0; at = NextObject(bytes, at))
            {
                int length = EntryLengthAt(bytes.AsSpan(at));
                if (length == 0)
                {
                    at++;
                    continue;
                }

                LeaveOut(bytes.AsSpan(keptUpTo, at - keptUpTo), number, lines.Offset + keptUpTo, reason);
                Keep(bytes.AsSpan(at, length), target);
                at += length;
                keptUpTo = at;
            }

            if (keptUpTo == 0)
            {
                _leftOut.Add(new LineFault(number, lines.Offset, lines.Line.Length, reason));
                _afterLoss = true;
            }
            else
            {
                LeaveOut(bytes.AsSpan(keptUpTo), number, lines.Offset + keptUpTo, reason);
            }
        }

        /// <summary>The line with U+FFFD where a byte is not UTF-8 or an escape is half a character; null when it has neither.</summary>
        private static byte[]? WithWholeCharacters(ReadOnlySpan<byte> line)
        {
            string text = Encoding.UTF8.GetString(line);
            byte[] mended = Encoding.UTF8.GetBytes(JsonHalves.Mend(text));
            return line.SequenceEqual(mended) ? null : mended;
        }

        private static int NextObject(byte[] bytes, int from) => from < bytes.Length ? Array.IndexOf(bytes, (byte)'{', from) : -1;

        private void LeaveOut(ReadOnlySpan<byte> piece, long number, long offset, string reason)
        {
            if (!SessionIndexer.IsBlank(piece))
            {
                _leftOut.Add(new LineFault(number, offset, piece.Length, reason));
                _afterLoss = true;
            }
        }

        /// <summary>Whether a file without a header is of version 2, by the first line that shows it.</summary>
        private static bool HasEnvelopes(SafeFileHandle file)
        {
            using var lines = new LineReader(file);
            while (lines.Next())
            {
                try
                {
                    if (System.Text.Unicode.Utf8.IsValid(lines.Line))
                    {
                        return MessageWire.FindTag(new JsonCursor(lines.Line), "type"u8).Is("entry"u8);
                    }
                }
                catch (WireException)
                {
                    // Damaged too; the next one may show it.
                }
            }

            return false;
        }

        private void Keep(ReadOnlySpan<byte> line, Stream target)
        {
            IndexedEntry entry = Describe(line);
            bool lost = _afterLoss && entry.ParentId is { } parent && !_ids.Contains(parent);
            if (lost && entry.Type is not (EntryType.Unknown or EntryType.Leaf))
            {
                Relink(line, target);
                _relinked++;
            }
            else
            {
                target.Write(line);
                target.WriteByte((byte)'\n');
            }

            _afterLoss &= lost && !entry.IsContent;
            _ids.Add(entry.Id);
            _lastContent = entry.IsContent ? entry.Id : _lastContent;
            _kept++;
        }

        private void Relink(ReadOnlySpan<byte> line, Stream target)
        {
            SessionEntry entry = LineWire.Read(line, _header.Version) with { ParentId = _lastContent };
            var buffer = new ArrayBufferWriter<byte>();
            using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
            {
                LineWire.Write(writer, entry, _header.Version);
            }

            target.Write(buffer.WrittenSpan);
            target.WriteByte((byte)'\n');
        }

        /// <summary>The length of the entry that the bytes begin with; 0 when they begin with none.</summary>
        private int EntryLengthAt(ReadOnlySpan<byte> bytes)
        {
            try
            {
                var json = new JsonCursor(bytes);
                int length = json.Skip().Length;
                // Only known types: an object inside a broken entry may have its own type.
                return Describe(bytes[..length]).Type != EntryType.Unknown ? length : 0;
            }
            catch (WireException)
            {
                return 0;
            }
        }

        /// <summary>What is wrong with a line; null when it is an entry.</summary>
        private string? FaultOf(ReadOnlySpan<byte> line)
        {
            try
            {
                Describe(line);
                return null;
            }
            catch (WireException fault)
            {
                return fault.Message;
            }
        }

        private IndexedEntry Describe(ReadOnlySpan<byte> line)
        {
            var shared = new SessionIndexer.SharedTexts();
            return SessionIndexer.Describe(line, _header.Version, 0, 0, afterFault: false, ref shared);
        }
    }
}
