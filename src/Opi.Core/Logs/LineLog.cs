namespace Opi;

/// <summary>A source whose logs are JSON lines.</summary>
internal abstract class LineLog : UsageLog
{
    public override bool IsLog(string path) => path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    public override void Read(LogPart part, CancellationToken cancellation)
    {
        using OpenedLog log = part.Open();
        using var lines = new LogLines(log, part, cancellation);
        LogLineReader reader = part.Reader as LogLineReader ?? OpenReader(part);
        int count = 0;
        long position = part.Start;
        while (lines.Next())
        {
            if (part.IsFollowed && !lines.Complete && !IsWhole(lines.Line))
            {
                break; // it is still being written
            }

            position = lines.Position;
            if (lines.LostUsage)
            {
                part.File.Skip("a line of more than 16 MB");
            }

            ReadOnlySpan<byte> line = lines.Line.Trim(" \t\r\0"u8);
            if (line.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
            }

            if (!line.IsEmpty)
            {
                count++;
                reader.Read(line, lines.Complete);
            }
        }

        reader.End();
        part.File.Count(count, reader.Answers);
        if (part.IsFollowed && reader.CanGoOn && !part.File.IsCompressed)
        {
            part.GoOnAt(position, reader);
        }
    }

    /// <summary>Whether a line without its LF is an object that has its end.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> line) =>
        line.TrimEnd(" \t\r"u8) is [.., (byte)'}'] && LogHead.IsObject(line.TrimStart(" \t"u8));

    /// <summary>Makes what reads the lines of a part.</summary>
    protected abstract LogLineReader OpenReader(LogPart part);
}
