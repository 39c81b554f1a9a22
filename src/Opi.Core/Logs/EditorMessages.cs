namespace Opi;

/// <summary>
/// Reads what was said in a task of an extension of VS Code: the messages as they were sent, in a document next to the one of the requests.
/// </summary>
internal sealed class EditorMessages(params string[] folders) : LogMessages
{
    private const string FileName = "api_conversation_history.json";

    /// <summary>Whether a file has the messages of a task.</summary>
    public static bool IsHistory(string path) => Path.GetFileName(path) == FileName;

    public override bool? IsLog(string path, bool own) => IsHistory(path);

    public override LogMatch? Match(LogHead head) =>
        !head.Has("role") || !head.Has("content") ? LogMatch.None
        : folders.Any(folder => LogPath.IsIn(head.Path, folder)) ? LogMatch.Sure
        : LogMatch.Likely;

    public override void ReadPlace(LogEntries entries) => entries.SessionId = LogPath.Above(entries.Path, 1);

    public override void Read(LogValue value, LogEntries entries)
    {
        entries.Project = EditorTaskModels.FindProject(value.Raw);
        int place = 0;
        foreach (LogValue message in value.Elements)
        {
            entries.Offset = place++; // a message has no id
            entries.AddMessage(null, message["ts"u8].UnixTime, LogRoles.Of(message["role"u8]), message["content"u8]);
        }
    }
}
