namespace Opi;

/// <summary>
/// Passes indented JSON on with LF alone at the line ends. Utf8JsonWriter takes the line end of the system, and .NET 8 has no setting for it;
/// within a text JSON has no CR, so that each one is of a line end.
/// </summary>
internal sealed class LineFeedStream(Stream target) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The stream itself where the system's line end is LF; else one that writes to it. Disposing does not close the target.</summary>
    public static Stream Over(Stream target) => Environment.NewLine == "\n" ? target : new LineFeedStream(target);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.IndexOf((byte)'\r') is var at and >= 0)
        {
            target.Write(buffer[..at]);
            buffer = buffer[(at + 1)..];
        }

        target.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
