namespace Opi;

/// <summary>Reads the entries of Opi's own sessions.</summary>
internal sealed class OpiMessages : LogMessages
{
    /// <summary>How far apart the times of a message and its line are if it was written when it was made.</summary>
    private static readonly TimeSpan Moments = TimeSpan.FromMinutes(1);

    private static readonly long FirstTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public override void Read(LogValue value, LogEntries entries)
    {
        if (entries.Offset == 0)
        {
            SessionHeader header = SessionHeader.Read(value.Raw);
            (entries.State, entries.SessionId, entries.Project) = (header, header.Id, header.WorkingDirectory);
            return;
        }

        int version = (entries.State as SessionHeader)?.Version ?? SessionHeader.DefaultVersion;
        SessionEntry entry = LineWire.Read(value.Raw, version);
        entries.Add(entry, TimeOf(entry));
    }

    /// <summary>When it was said: when its line was written, but for what was said long before.</summary>
    private static DateTimeOffset? TimeOf(SessionEntry entry)
    {
        DateTimeOffset? written = WireTime.Parse(entry.Timestamp);
        DateTimeOffset? made = entry is MessageEntry { Message.TimestampMs: var time } && time >= FirstTime
            ? WireTime.FromUnixMilliseconds(time)
            : null;
        return made is { } moment && (written is not { } line || (line - moment).Duration() > Moments) ? moment : written;
    }
}
