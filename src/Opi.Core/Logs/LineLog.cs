using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A source whose logs are JSON lines.</summary>
internal abstract class LineLog : UsageLog
{
    public override bool IsLog(string path) => path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    public override void Read(LogPart part, CancellationToken cancellation)
    {
        using SafeFileHandle file = part.File.Open();
        using var lines = new LogLines(file, part, cancellation);
        LogLineReader reader = OpenReader(part);
        int count = 0;
        while (lines.Next())
        {
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
    }

    /// <summary>Makes what reads the lines of a part.</summary>
    protected abstract LogLineReader OpenReader(LogPart part);
}
