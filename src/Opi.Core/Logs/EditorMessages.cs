namespace Opi;

/// <summary>
/// Reads what was said in a task of an extension of VS Code: the messages as they were sent, in a document next to the one of the requests. Where
/// that is missing, what the one of the requests has.
/// </summary>
internal sealed class EditorMessages(params string[] folders) : LogMessages
{
    private const string FileName = "api_conversation_history.json";

    /// <summary>Whether a file is one of the two documents of a task that have what was said.</summary>
    public static bool IsOfTask(string path) => IsHistory(path) || IsView(path);

    public override bool? IsLog(string path, bool own) =>
        IsHistory(path) || (IsView(path) && !File.Exists(Path.Combine(LogPath.FolderAbove(path, 1), FileName)));

    public override LogMatch? Match(LogHead head) =>
        IsView(head.Path) ? EditorTask.Match(head, folders) ?? LogMatch.None
        : !head.Has("role") || !head.Has("content") ? LogMatch.None
        : folders.Any(folder => LogPath.IsIn(head.Path, folder)) ? LogMatch.Sure
        : LogMatch.Likely;

    public override void ReadPlace(LogEntries entries) => entries.SessionId = LogPath.Above(entries.Path, 1);

    public override void Read(LogValue value, LogEntries entries)
    {
        entries.Project = EditorTaskModels.FindProject(value.Raw);
        if (IsView(entries.Path))
        {
            EditorTaskMessages.Read(value, entries);
            return;
        }

        int place = 0;
        foreach (LogValue message in value.Elements)
        {
            entries.Offset = place++; // a message has no id
            entries.AddMessage(null, message["ts"u8].UnixTime, LogRoles.Of(message["role"u8]), message["content"u8]);
        }
    }

    private static bool IsHistory(string path) => Path.GetFileName(path) == FileName;

    private static bool IsView(string path) => Path.GetFileName(path) == EditorTask.FileName;
}
