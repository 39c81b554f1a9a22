using System.Buffers;

namespace Opi;

/// <summary>A source whose logs are JSON documents, or JSON lines where a file is named so.</summary>
internal abstract class DocumentLog : LineLog
{
    private const int MaxLength = 256 << 20;

    public override void Read(LogPart part, CancellationToken cancellation)
    {
        if (base.IsLog(part.File.Path))
        {
            base.Read(part, cancellation);
            return;
        }

        using OpenedLog log = part.Open();
        if (part.File.Length > MaxLength)
        {
            throw new IOException("it is one document of more than 256 MB");
        }

        if (log is { Start: 0, IsEnd: true })
        {
            Read(part, log.Bytes);
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)part.File.Length);
        try
        {
            int filled = 0, read;
            while ((read = RandomAccess.Read(log.File, buffer.AsSpan(filled, (int)part.File.Length - filled), filled)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                filled += read;
            }

            Read(part, buffer.AsSpan(0, filled));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Read(LogPart part, ReadOnlySpan<byte> document)
    {
        document = (document.StartsWith("\uFEFF"u8) ? document[3..] : document).Trim(" \t\r\n"u8);
        if (!document.IsEmpty)
        {
            LogLineReader reader = OpenReader(part);
            reader.Read(document, complete: true);
            reader.End();
            part.File.Count(1, reader.Answers);
        }
    }
}
