namespace Opi;

/// <summary>Reads a session of Cline's CLI, or of one of its subagents.</summary>
internal sealed class ClineReader(LogPart part) : LogValueReader(part)
{
    private static readonly CountNames Names = new(
        ("inputTokens", CountKind.Input), ("outputTokens", CountKind.Output), ("cacheReadTokens", CountKind.CacheRead),
        ("cacheWriteTokens", CountKind.CacheWrite), ("reasoningTokens", CountKind.Reasoning), ("cost", CountKind.Money));

    protected override void Read(LogValue value)
    {
        string? session = value["sessionId"u8].Text;
        int agent = session?.IndexOf("__agent_", StringComparison.Ordinal) ?? -1;
        string? main = agent < 0 ? session : session![..agent];
        string folder = LogPath.FolderAbove(Part.File.Path, 1);
        LogValue description = Parse(ReadBeside(Path.Combine(folder, Path.GetFileName(folder) + ".json")));
        foreach (LogValue message in value["messages"u8].Elements)
        {
            DateTimeOffset? time = message["ts"u8].UnixTime;
            Part.File.Began ??= time;
            LogValue metrics = message["metrics"u8], model = message["modelInfo"u8];
            if (!message["role"u8].Is("assistant"u8))
            {
                continue;
            }

            if (!metrics.IsObject)
            {
                Answers += message["metadata"u8]["displayRole"u8].Is("error"u8) ? 0 : 1;
                continue;
            }

            CountTally tally = Names.Read(metrics);
            string? id = message["id"u8].Text;
            Add(
                new UsageDraft
                {
                    Source = UsageSource.Cline,
                    Timestamp = time,
                    SessionId = main,
                    Project = description["cwd"u8].Text ?? description["workspace_root"u8].Text,
                    Model = model["id"u8].Text,
                    Provider = model["provider"u8].Text,
                    Counts = tally.Within(),
                    LoggedCost = tally.Money,
                    IsSidechain = agent >= 0 || value["agent"u8].Is("subagent"u8),
                    ResponseId = id,
                    Key = $"cline:{session}:{id}",
                },
                ref tally);
        }
    }
}
