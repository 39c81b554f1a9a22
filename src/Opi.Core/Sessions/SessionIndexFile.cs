using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// The index file of a large session, <c>&lt;session file&gt;.index</c>: what is known of it as a whole (<see cref="SessionFacts"/>), so that a turn
/// and a look at its end need not read all of it. It repeats what the file says and is trusted only while the file is
/// exactly the one it was made from: the same file, with the same length, not changed since. Else, or if it is missing or damaged, the
/// file itself is read. The writer of the session writes it when it closes the session, and now and then before: then it names the
/// process, and readers trust it for the beginning of the file while this process has the session open, since it only appends.
/// </summary>
internal static class SessionIndexFile
{
    /// <summary>The extension of its name, after the session file's.</summary>
    public const string Extension = ".index";

    /// <summary>A shorter session is read in less time than its index.</summary>
    public const int SmallestSession = 1 << 18;

    private const int Largest = 1 << 20;

    private const long Second = 1_000_000_000;

    private static ReadOnlySpan<byte> Mark => "opi index 2\n"u8;

    public static string PathFor(string sessionPath) => RegularFile.TargetOf(sessionPath) + Extension;

    /// <summary>The content of an open session file's index; null when there is none that fits it.</summary>
    /// <param name="path">The session file's path.</param>
    /// <param name="file">The session file.</param>
    /// <param name="version">Its format version.</param>
    public static SessionFacts? Read(string path, SafeFileHandle file, int version)
    {
        if (RandomAccess.GetLength(file) < SmallestSession || ReadChecked(PathFor(path)) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, Mark.Length, bytes.Length - Mark.Length - SHA256.HashSizeInBytes));
            return ReadStamp(reader) == StampOf(FileIdentity.Of(file)) && reader.ReadInt32() == 0 && EndsWithLineFeed(file)
                ? SessionFacts.Read(reader, place => Describe(file, version, place))
                : null;
        }
        catch (Exception error) when (error is IOException or WireException or ArgumentException or FormatException)
        {
            return null; // it is not an index of this version, or the session is being changed: the session file is read instead
        }
    }

    /// <summary>
    /// The same for a reader, of a session too that a process has open now: what that added since it wrote the index is followed. Null where that
    /// is not regular.
    /// </summary>
    public static SessionFacts? ReadForReader(string path, SafeFileHandle file, int version) =>
        Read(path, file, version) ?? ReadOpen(path, file, version);

    private static SessionFacts? ReadOpen(string path, SafeFileHandle file, int version)
    {
        if (RandomAccess.GetLength(file) < SmallestSession || ReadChecked(PathFor(path)) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, Mark.Length, bytes.Length - Mark.Length - SHA256.HashSizeInBytes));
            FileIdentity now = FileIdentity.Of(file);
            (ulong device, ulong number, long length, _, _) = ReadStamp(reader);
            return reader.ReadInt32() is not 0 and int holder && (device, number) == (now.Device, now.Number) && length <= now.Length
                && FileLock.HolderOf(SessionLock.PathFor(path)) == holder
                && SessionFacts.Read(reader, place => Describe(file, version, place)) is { } facts
                && TryFollow(file, version, facts)
                    ? facts
                    : null;
        }
        catch (Exception error) when (error is IOException or WireException or ArgumentException or FormatException)
        {
            return null; // as above
        }
    }

    private static bool TryFollow(SafeFileHandle file, int version, SessionFacts facts)
    {
        var shared = new SessionIndexer.SharedTexts();
        using var lines = new LineReader(file, facts.Length, chunkSize: 1 << 16);
        long number = facts.Lines;
        while (lines.Next() && lines.Complete)
        {
            number++;
            if (SessionIndexer.IsBlank(lines.Line))
            {
                return false;
            }

            IndexedEntry entry = SessionIndexer.Describe(lines.Line, version, number, lines.Offset, afterFault: false, ref shared);
            if (!facts.TryAdd(entry))
            {
                return false;
            }

            if (entry.IsMetadata)
            {
                facts.Metadata = facts.Metadata.With([LineWire.Read(lines.Line, version)]);
            }
        }

        return true;
    }

    /// <summary>
    /// Writes the index of a session file that is open for writing and flushed. Before that it gives the file a distinct time: the clock of
    /// a file system stands still for some milliseconds, and a change within them would not show.
    /// </summary>
    /// <remarks>A failure here only costs the next reader time, so it is not an error.</remarks>
    public static void Write(string path, SafeFileHandle file, SessionFacts facts)
    {
        try
        {
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddTicks(RandomNumberGenerator.GetInt32(1, 9_999)));
            FileIdentity now = FileIdentity.Of(file);
            if (now.Length != facts.Length || (now.Written % Second == 0 && !OperatingSystem.IsWindows()))
            {
                Delete(path); // a file system whose clock has no fractions shows no change within a second
                return;
            }

            Write(path, ToBytes(now, facts, holder: 0));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A read-only folder or a full disk: a torn index is not trusted.
        }
    }

    /// <summary>Writes the index of a session that stays open, for readers.</summary>
    /// <inheritdoc cref="Write(string, SafeFileHandle, SessionFacts)" path="/remarks"/>
    public static void WriteOpen(string path, SafeFileHandle file, SessionFacts facts)
    {
        try
        {
            Write(path, ToBytes(FileIdentity.Of(file) with { Length = facts.Length }, facts, Environment.ProcessId));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    /// <summary>Deletes an index that does not fit, where there is one. One that stays all the same is not believed either.</summary>
    public static void Discard(string path)
    {
        try
        {
            if (File.Exists(PathFor(path)))
            {
                Delete(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    private static void Write(string path, byte[] bytes)
    {
        if (bytes.Length > Largest)
        {
            Delete(path);
            return;
        }

        using SafeFileHandle index = RegularFile.OpenOrCreateOwn(PathFor(path));
        FileSizeLimit.Write(index, bytes, 0);
        RandomAccess.SetLength(index, bytes.Length);
    }

    /// <summary>Deletes the index of a session.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be deleted.</exception>
    public static void Delete(string path) => SharedFile.Retry(() => File.Delete(PathFor(path)));

    private static byte[] ToBytes(FileIdentity file, SessionFacts facts, int holder)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Mark);
        (ulong device, ulong number, long length, long written, long changed) = StampOf(file);
        writer.Write(device);
        writer.Write(number);
        writer.Write(length);
        writer.Write(written);
        writer.Write(changed);
        writer.Write(holder);
        facts.Write(writer);
        writer.Flush();
        writer.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The bytes of an index that is whole and the user's own; null for all else.</summary>
    private static byte[]? ReadChecked(string path)
    {
        try
        {
            using SafeFileHandle file = RegularFile.Open(path, FileAccess.Read, follow: false);
            FileIdentity identity = FileIdentity.Of(file);
            if (identity.Length < Mark.Length + SHA256.HashSizeInBytes || identity.Length > Largest
                || (!OperatingSystem.IsWindows() && identity.Owner != NativeFile.UserId()))
            {
                return null;
            }

            byte[] bytes = new byte[identity.Length];
            int read = RandomAccess.Read(file, bytes, 0);
            ReadOnlySpan<byte> body = bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes);
            return read == bytes.Length && body.StartsWith(Mark) && SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length))
                ? bytes
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // none, or one that cannot be read: the session file is read instead
        }
    }

    private static (ulong Device, ulong Number, long Length, long Written, long Changed) ReadStamp(BinaryReader reader) =>
        (reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());

    private static (ulong Device, ulong Number, long Length, long Written, long Changed) StampOf(FileIdentity file) =>
        (file.Device, file.Number, file.Length, file.Written, file.Changed);

    private static bool EndsWithLineFeed(SafeFileHandle file)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(file, last, RandomAccess.GetLength(file) - 1) == 1 && last[0] == (byte)'\n';
    }

    private static IndexedEntry Describe(SafeFileHandle file, int version, LinePlace place)
    {
        using var lines = new LineReader(file, place.Offset, chunkSize: 1 << 12);
        var shared = new SessionIndexer.SharedTexts();
        return lines.Next() && lines.Line.Length == place.Length
            ? SessionIndexer.Describe(lines.Line, version, place.Line, place.Offset, afterFault: false, ref shared)
            : throw new IOException("the line has another length");
    }
}
