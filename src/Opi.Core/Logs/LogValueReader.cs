namespace Opi;

/// <summary>Reads lines, or documents, that are a JSON value each.</summary>
internal abstract class LogValueReader(LogPart part) : LogLineReader(part)
{
    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<byte> line, bool complete)
    {
        if (line[0] is not ((byte)'{' or (byte)'['))
        {
            Part.File.Skip(NoJson);
            return;
        }

        while (!line.IsEmpty)
        {
            var json = new JsonCursor(line, lenient: true);
            ReadOnlySpan<byte> value;
            try
            {
                value = json.Skip();
            }
            catch (WireException)
            {
                Part.File.Skip(line[^1] is (byte)'}' or (byte)']' ? NoJson : Torn);
                return;
            }

            Read(new LogValue(value));
            line = line[json.Position..].TrimStart(" \t\r\n\0"u8);
        }
    }

    /// <summary>Reads a value that is whole.</summary>
    protected abstract void Read(LogValue value);

    /// <summary>Adds a response, unless it used nothing.</summary>
    protected void Add(UsageDraft draft, scoped ref CountTally tally) => Add(Part, draft, ref tally);

    /// <summary>Adds a response to a part, unless it used nothing.</summary>
    public static void Add(LogPart part, UsageDraft draft, scoped ref CountTally tally)
    {
        part.File.HasResponses = true;
        part.File.Began ??= draft.Timestamp;
        if (draft.Counts.Total > 0 || tally.Unknown.HasAmount || draft.LoggedCost > 0)
        {
            draft.Path = part.File.Path;
            if (tally.Unknown.Any)
            {
                draft.Billing = (draft.Billing ?? BillingDetails.Plain) with
                {
                    Unknown = [.. draft.Billing?.Unknown ?? [], .. tally.Unknown.ToReasons()],
                };
            }

            part.Drafts.Add(draft);
        }
        else if (tally.Unknown.HasBadCount)
        {
            part.File.Skip(NoCount);
        }
    }

    /// <summary>Reads a small file that an agent keeps next to its log. Null when there is none, or it cannot be read, which is noted.</summary>
    protected byte[]? ReadBeside(string path)
    {
        try
        {
            return File.Exists(path) ? RegularFile.ReadAllBytes(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Part.File.Skip($"a file beside it, {Path.GetFileName(path)}, that cannot be read");
            return null;
        }
    }

    /// <summary>The JSON value of the bytes; an empty value when they are not JSON.</summary>
    public static LogValue Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            bytes = (bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes).Trim(" \t\r\n\0"u8);
            return bytes.IsEmpty ? default : new LogValue(new JsonCursor(bytes, lenient: true).Skip());
        }
        catch (WireException)
        {
            return default;
        }
    }
}
