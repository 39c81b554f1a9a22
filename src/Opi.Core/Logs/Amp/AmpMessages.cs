using System.Globalization;

namespace Opi;

/// <summary>Reads what was said in a thread of Amp.</summary>
internal sealed class AmpMessages : LogMessages
{
    public override void Read(LogValue value, LogEntries entries)
    {
        entries.SessionId = value["id"u8].Text;
        foreach (LogValue tree in value["env"u8]["initial"u8]["trees"u8].Elements)
        {
            entries.Project ??= Uri.TryCreate(tree["uri"u8].Text, UriKind.Absolute, out Uri? uri) && uri.IsFile ? uri.LocalPath : null;
        }

        DateTimeOffset? created = value["created"u8].UnixTime, last = created;
        entries.AddName(entries.SessionId, created, value["title"u8].Said);
        foreach (LogValue message in value["messages"u8].Elements)
        {
            LogValue usage = message["usage"u8];
            last = usage["timestamp"u8].Time ?? message["meta"u8]["sentAt"u8].UnixTime ?? last;
            string? id = message["messageId"u8].Number?.ToString(CultureInfo.InvariantCulture);
            entries.AddMessage(id, last, LogRoles.Of(message["role"u8]), message["content"u8], usage["model"u8].Text);
        }
    }
}
