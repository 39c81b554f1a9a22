namespace Opi;

/// <summary>The sessions of Kimi Code, and of kimi-cli before it: a file for each agent of a session.</summary>
internal sealed class KimiLog : LineLog
{
    public override UsageSource Source => UsageSource.Kimi;

    public override bool GrowsOnly => true;

    public override LogMessages? Messages { get; } = new KimiMessages();

    /// <summary>
    /// <c>KIMI_CODE_HOME</c>, else <c>~/.kimi-code</c>; of kimi-cli <c>KIMI_SHARE_DIR</c>, else <c>~/.kimi</c>; on macOS the one of the desktop
    /// program too.
    /// </summary>
    public override IEnumerable<string> Folders()
    {
        string[] homes =
        [
            OpiFolders.Variable("KIMI_CODE_HOME") ?? Path.Combine(OpiFolders.Home, ".kimi-code"),
            OpiFolders.Variable("KIMI_SHARE_DIR") ?? Path.Combine(OpiFolders.Home, ".kimi"),
            .. OperatingSystem.IsMacOS()
                ? [Path.Combine(
                    OpiFolders.Home, "Library", "Application Support", "kimi-desktop", "daimon-share", "daimon", "runtime", "kimi-code", "home")]
                : Array.Empty<string>(),
        ];
        return homes.Select(home => Path.Combine(home, "sessions"));
    }

    public override IEnumerable<NamedFolder> NamedPlaces() => [.. Named("KIMI_CODE_HOME"), .. Named("KIMI_SHARE_DIR")];

    public override bool IsOwnLog(string path) => Path.GetFileName(path) == "wire.jsonl";

    /// <summary>Where the agent keeps a list of its sessions.</summary>
    public override bool IsByproduct(string path) => Path.GetFileName(path.AsSpan()) is "session_index.jsonl";

    public override LogMatch Match(LogHead head) => head.Type switch
    {
        "metadata" when head.Has("protocol_version") => LogMatch.Sure,
        "usage.record" or "turn.prompt" or "llm.request" => LogMatch.Sure,
        "" when head.Has("message.type") && head.Has("message.payload") && head.Has("timestamp") => LogMatch.Sure,
        _ => LogMatch.None,
    };

    protected override LogLineReader OpenReader(LogPart part) => new KimiReader(part);
}
