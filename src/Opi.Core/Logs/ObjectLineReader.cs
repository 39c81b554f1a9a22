namespace Opi;

/// <summary>Reads lines that are an object each.</summary>
internal abstract class ObjectLineReader(LogPart part) : LogLineReader(part)
{
    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<byte> line, bool complete)
    {
        if (line[0] != (byte)'{')
        {
            Skip(NoJson);
            return;
        }

        while (!line.IsEmpty)
        {
            var json = new JsonCursor(line, lenient: true);
            try
            {
                if (!ReadObject(ref json))
                {
                    return;
                }
            }
            catch (WireException)
            {
                Skip(line[^1] == (byte)'}' ? NoJson : Torn);
                return;
            }

            line = line[json.Position..].TrimStart(" \t\r\0"u8);
        }
    }

    /// <summary>Notes a line that is skipped.</summary>
    protected virtual void Skip(string reason) => Part.File.Skip(reason);

    /// <summary>Reads an object.</summary>
    /// <returns>Whether it was read to its end; false when it has nothing to look for.</returns>
    /// <exception cref="WireException">It is not JSON.</exception>
    protected abstract bool ReadObject(ref JsonCursor json);
}
