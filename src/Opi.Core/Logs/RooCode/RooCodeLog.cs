namespace Opi;

/// <summary>The tasks of Roo Code in VS Code and editors made of it.</summary>
internal sealed class RooCodeLog : DocumentLog
{
    private const string Extension = "rooveterinaryinc.roo-cline";

    public override UsageSource Source => UsageSource.RooCode;

    public override LogMessages? Messages { get; } = new EditorMessages(Extension);

    public override bool GrowsOnly => true;

    /// <summary>The extension's folder in each editor.</summary>
    public override IEnumerable<string> Folders() => EditorFolders.OfExtension(Extension);

    public override bool IsLog(string path) => Path.GetFileName(path) == EditorTask.FileName;

    public override bool IsByproduct(string path) => EditorTask.IsBeside(path);

    public override LogMatch Match(LogHead head) => EditorTask.Match(head, [Extension]) ?? LogMatch.None;

    protected override LogLineReader OpenReader(LogPart part) => new EditorTaskReader(part, Source, "roocode", isPrompt: true);
}
