namespace Opi;

/// <summary>The sessions of Cline's CLI, and the tasks of its extension for VS Code.</summary>
internal sealed class ClineLog : DocumentLog
{
    public override UsageSource Source => UsageSource.Cline;

    public override LogMessages? Messages { get; } = new ClineMessages();

    public override IReadOnlyList<string> Variables => ["CLINE_DIR"];

    public override bool GrowsOnly => true;

    /// <summary>
    /// <c>CLINE_DIR</c>, else <c>~/.cline</c>, of it <c>data</c> or <c>CLINE_DATA_DIR</c>; <c>CLINE_SESSION_DATA_DIR</c>; the extension's folder in
    /// each editor.
    /// </summary>
    public override IEnumerable<string> Folders()
    {
        string home = OpiFolders.Variable("CLINE_DIR") ?? Path.Combine(OpiFolders.Home, ".cline");
        string data = OpiFolders.Variable("CLINE_DATA_DIR") ?? Path.Combine(home, "data");
        string[] sessions = OpiFolders.Variable("CLINE_SESSION_DATA_DIR") is { } named ? [data, named] : [data];
        return [.. sessions, .. EditorFolders.OfExtension("saoudrizwan.claude-dev")];
    }

    public override IEnumerable<NamedFolder> NamedPlaces() =>
        [.. NamedFolders(), .. Named("CLINE_DATA_DIR"), .. Named("CLINE_SESSION_DATA_DIR")];

    public override bool IsLog(string path) =>
        path.EndsWith(".messages.json", StringComparison.OrdinalIgnoreCase) || Path.GetFileName(path) == EditorTask.FileName;

    public override bool IsByproduct(string path) => EditorTask.IsBeside(path);

    public override LogMatch Match(LogHead head) =>
        EditorTask.Match(head, ["saoudrizwan.claude-dev", ".cline"])
        ?? (head.Has("messages") && head.Has("sessionId") && head.Has("agent") && head.Has("updated_at") ? LogMatch.Sure : LogMatch.None);

    protected override LogLineReader OpenReader(LogPart part) =>
        Path.GetFileName(part.File.Path) == EditorTask.FileName
            ? new EditorTaskReader(part, Source, "cline", isPrompt: false)
            : new ClineReader(part);
}
