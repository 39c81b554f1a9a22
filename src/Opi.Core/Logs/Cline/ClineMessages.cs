namespace Opi;

/// <summary>Reads what was said in the sessions of Cline's CLI, and in the tasks of its extension.</summary>
internal sealed class ClineMessages : LogMessages
{
    private readonly EditorMessages _tasks = new("saoudrizwan.claude-dev", ".cline");

    public override bool? IsLog(string path, bool own) =>
        path.EndsWith(".messages.json", StringComparison.OrdinalIgnoreCase) || _tasks.IsLog(path, own) == true;

    public override LogMatch? Match(LogHead head) => EditorMessages.IsOfTask(head.Path) ? _tasks.Match(head) : null;

    public override void ReadPlace(LogEntries entries)
    {
        if (EditorMessages.IsOfTask(entries.Path))
        {
            _tasks.ReadPlace(entries);
            return;
        }

        string folder = LogPath.FolderAbove(entries.Path, 1);
        string description = Path.Combine(folder, Path.GetFileName(folder) + ".json");
        if (File.Exists(description))
        {
            LogValue value = LogValueReader.Parse(RegularFile.ReadAllBytes(description));
            entries.Project = value["cwd"u8].Text ?? value["workspace_root"u8].Text;
        }
    }

    public override void Read(LogValue value, LogEntries entries)
    {
        if (EditorMessages.IsOfTask(entries.Path))
        {
            _tasks.Read(value, entries);
            return;
        }

        string? session = value["sessionId"u8].Text;
        int agent = session?.IndexOf("__agent_", StringComparison.Ordinal) ?? -1;
        entries.SessionId = agent < 0 ? session : session![..agent];
        foreach (LogValue message in value["messages"u8].Elements)
        {
            LogValue model = message["modelInfo"u8];
            entries.AddMessage(
                message["id"u8].Text,
                message["ts"u8].UnixTime,
                LogRoles.Of(message["role"u8]),
                message["content"u8],
                model["id"u8].Text,
                model["provider"u8].Text);
        }
    }
}
