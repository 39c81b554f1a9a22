namespace Opi;

/// <summary>Reads the database of an agent of OpenClaw: a row for each line of a session, some of them compressed.</summary>
internal static class OpenClawDatabase
{
    private const int LongestLine = 16 << 20;
    private const int LongestArchive = 256 << 20;

    /// <summary>Reads the responses.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(LogPart part, StoreDatabase database, CancellationToken cancellation)
    {
        ReadEvents(part, database, cancellation);
        if (database.ColumnsOf("session_transcript_archives").Contains("archive_blob"))
        {
            ReadArchives(
                part,
                database,
                $"SELECT archive_blob, {database.Column("session_transcript_archives", "encoding")} FROM session_transcript_archives",
                cancellation);
        }

        if (database.ColumnsOf("session_transcript_cold_archives").Contains("archive_blob"))
        {
            ReadArchives(
                part, database, "SELECT archive_blob, 'zstd' FROM session_transcript_cold_archives WHERE archive_blob IS NOT NULL", cancellation);
        }
    }

    private static void ReadEvents(LogPart part, StoreDatabase database, CancellationToken cancellation)
    {
        const string table = "transcript_events";
        database.Require(table, "session_id", "seq", "event_json");
        using StoreRows rows = database.Query(
            $"SELECT session_id, event_json, {database.Column(table, "event_zstd")} FROM {table} "
                + $"WHERE session_id IN (SELECT session_id FROM {table} WHERE {database.NotBefore(table, part.File.Since, "created_at")}) "
                + "ORDER BY session_id, seq"); // a session whole: its first lines say where it worked
        string? session = null;
        PiLineReader? reader = null;
        int count = 0;
        while (rows.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader is null || rows.Text(0) != session)
            {
                End(part, reader, count);
                (session, reader, count) = (rows.Text(0), new PiLineReader(part, UsageSource.OpenClaw, "openclaw"), 0);
            }

            ReadOnlySpan<byte> line = rows.Bytes(1);
            if (line.IsEmpty && !rows.Bytes(2).IsEmpty)
            {
                line = StoreLibrary.Access.Expand(rows.Bytes(2), LongestLine);
                if (line.IsEmpty)
                {
                    part.File.Skip("a compressed row that is damaged");
                }
            }

            if (!line.IsEmpty)
            {
                count++;
                reader.Read(line, complete: true);
            }
        }

        End(part, reader, count);
    }

    /// <summary>Reads sessions that were deleted, restarted or archived: all their lines are in one value.</summary>
    private static void ReadArchives(LogPart part, StoreDatabase database, string query, CancellationToken cancellation)
    {
        using StoreRows rows = database.Query(query);
        while (rows.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> bytes = rows.Bytes(0);
            bool isCompressed = rows.Text(1) != "identity" && bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);
            ReadOnlySpan<byte> rest = isCompressed ? StoreLibrary.Access.Expand(bytes, LongestArchive) : bytes;
            if (rest.IsEmpty && !bytes.IsEmpty)
            {
                part.File.Skip("a compressed session that is damaged");
            }

            var reader = new PiLineReader(part, UsageSource.OpenClaw, "openclaw");
            int count = 0;
            while (!rest.IsEmpty)
            {
                int end = rest.IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = (end < 0 ? rest : rest[..end]).Trim(" \t\r\0"u8);
                rest = end < 0 ? default : rest[(end + 1)..];
                if (!line.IsEmpty)
                {
                    count++;
                    reader.Read(line, complete: end >= 0);
                }
            }

            End(part, reader, count);
        }
    }

    private static void End(LogPart part, PiLineReader? reader, int lines)
    {
        reader?.End();
        part.File.Count(lines, reader?.Answers ?? 0);
    }
}
