namespace Opi;

/// <summary>How the extensions Cline, Roo Code and Kilo Code keep a task: a folder with some documents, of which one has the requests.</summary>
internal static class EditorTask
{
    /// <summary>The document that has the requests.</summary>
    public const string FileName = "ui_messages.json";

    private static readonly string[] Beside =
        ["api_conversation_history.json", "task_metadata.json", "history_item.json", "ui_messages.json.bak", "context_history.json", "_index.json"];

    /// <summary>Whether a file is one of the other documents of a task.</summary>
    public static bool IsBeside(string path)
    {
        ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan()); // of each file that is met
        foreach (string beside in Beside)
        {
            if (name.SequenceEqual(beside))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whose a task is, by the folder that it is in: the extensions write alike. A task somewhere else may be anybody's.
    /// </summary>
    /// <param name="head">The head of its first message.</param>
    /// <param name="folders">The names of the extension's own folders.</param>
    /// <returns>Null when it is not a task.</returns>
    public static LogMatch? Match(LogHead head, IReadOnlyList<string> folders) =>
        !head.Has("ts") || !(head.Has("say") || head.Has("ask")) ? null
        : folders.Any(folder => LogPath.IsIn(head.Path, folder)) ? LogMatch.Sure
        : LogMatch.Likely;
}
