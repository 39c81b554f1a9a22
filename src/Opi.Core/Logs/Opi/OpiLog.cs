namespace Opi;

/// <summary>Opi's own sessions.</summary>
internal sealed class OpiLog : UsageLog
{
    public override UsageSource Source => UsageSource.Opi;

    public override LogMessages? Messages { get; } = new OpiMessages();

    public override IReadOnlyList<string> Variables => ["OPI_SESSIONS_DIR"];

    public override bool RefusesForeign => true;

    public override bool GrowsOnly => true;

    public override bool Enters(DirectoryInfo folder) => false;

    public override IEnumerable<string> Folders() => [SessionStore.DefaultFolder()];

    public override bool IsLog(string path) => path.EndsWith(SessionStore.Extension, StringComparison.Ordinal);

    public override LogMatch Match(LogHead head) =>
        head.Type == "session" && (head.Has("parent_session") || head.Has("runtime_input_binding") || head.Version == 1)
            ? LogMatch.Sure
            : LogMatch.None;

    /// <summary>
    /// Each answer, and each summary that a model was paid for, a failed one too, is a response. One that names no model has the model in
    /// force at that point of the file, set by the answer or the change of model before it. A line that is there twice is one response.
    /// </summary>
    public override void Read(LogPart part, CancellationToken cancellation)
    {
        OpiReader reader = part.Reader as OpiReader ?? new OpiReader(part);
        reader.Read(cancellation);
        if (part.IsFollowed)
        {
            part.GoOnAt(reader.Position, reader);
        }
    }

    public override UsageMerge OpenMerge(UsageQuery query) => new OpiMerge(query);
}
