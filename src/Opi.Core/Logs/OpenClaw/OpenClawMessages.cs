namespace Opi;

/// <summary>Reads what was said in the sessions of OpenClaw: pi's lines, in files or as rows of a database.</summary>
internal sealed class OpenClawMessages : LogMessages
{
    private const int LongestArchive = 256 << 20;

    private readonly PiMessages _pi = new();

    public override void Read(LogValue value, LogEntries entries) => _pi.Read(value, entries);

    public override void ReadDatabase(StoreDatabase database, LogEntries entries, RowVisitor rows)
    {
        const string events = "transcript_events";
        using (StoreRows lines = database.Query(
            $"SELECT session_id, event_json, {database.Column(events, "event_zstd")} FROM {events} ORDER BY session_id, seq"))
        {
            while (lines.Next())
            {
                if (entries.SessionId != lines.Text(0))
                {
                    (entries.SessionId, entries.Project) = (lines.Text(0), null);
                }

                ReadLine(lines.Bytes(1).IsEmpty ? Expand(lines.Bytes(2), rows) : lines.Bytes(1), entries, rows);
            }
        }

        foreach (string table in (string[])["session_transcript_archives", "session_transcript_cold_archives"])
        {
            if (database.ColumnsOf(table).Contains("archive_blob"))
            {
                ReadArchives(database, table, entries, rows);
            }
        }
    }

    private void ReadArchives(StoreDatabase database, string table, LogEntries entries, RowVisitor rows)
    {
        using StoreRows archives = database.Query($"SELECT archive_blob, session_id FROM {table} WHERE archive_blob IS NOT NULL");
        while (archives.Next())
        {
            (entries.SessionId, entries.Project) = (archives.Text(1), null);
            ReadOnlySpan<byte> rest = Expand(archives.Bytes(0), rows);
            while (!rest.IsEmpty)
            {
                int end = rest.IndexOf((byte)'\n');
                ReadLine(end < 0 ? rest : rest[..end], entries, rows);
                rest = end < 0 ? default : rest[(end + 1)..];
            }
        }
    }

    private static ReadOnlySpan<byte> Expand(ReadOnlySpan<byte> bytes, RowVisitor rows)
    {
        if (!bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
        {
            return bytes;
        }

        ReadOnlySpan<byte> expanded = StoreLibrary.Access.Expand(bytes, LongestArchive);
        if (expanded.IsEmpty)
        {
            rows.Skip("a compressed row that is damaged");
        }

        return expanded;
    }

    private void ReadLine(ReadOnlySpan<byte> line, LogEntries entries, RowVisitor rows)
    {
        bool isHeader = line.StartsWith("{\"type\":\"session\""u8); // it has the session's folder
        if (isHeader || rows.Wants(line))
        {
            _pi.Read(LogValueReader.Parse(line), entries);
            rows.Take(entries);
        }
    }
}
