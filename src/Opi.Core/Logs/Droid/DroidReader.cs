namespace Opi;

/// <summary>Reads the sum of a session of Droid.</summary>
internal sealed class DroidReader(LogPart part) : LogValueReader(part)
{
    private static readonly CountNames Names = new(
        ("inputTokens", CountKind.Input), ("outputTokens", CountKind.Output), ("cacheReadTokens", CountKind.CacheRead),
        ("cacheCreationTokens", CountKind.CacheWrite), ("thinkingTokens", CountKind.Reasoning), ("factoryCredits", CountKind.Ignored));

    protected override void Read(LogValue value)
    {
        string name = Path.GetFileName(Part.File.Path);
        string session = name[..^Math.Min(name.Length, ".settings.json".Length)];
        LogValue usage = value["tokenUsage"u8];
        if (!usage.IsObject)
        {
            Part.File.HasResponses = true;
            Part.File.LackUsage("a session without token counts, which older versions do not write");
            return;
        }

        (string? project, DateTimeOffset? began) = ReadTranscript(Path.Combine(LogPath.FolderAbove(Part.File.Path, 1), session + ".jsonl"));
        CountTally tally = Names.Read(usage);
        Add(
            new UsageDraft
            {
                Source = UsageSource.Droid,
                Timestamp = value["providerLockTimestamp"u8].Time ?? began,
                SessionId = session,
                Project = project,
                Model = value["model"u8].Text,
                Provider = value["providerLock"u8].Text,
                Counts = tally.Apart(),
                Billing = BillingDetails.Plain with { ContextTokens = 0 },
                Key = $"droid:{session}",
            },
            ref tally);
    }

    /// <summary>The folder that the agent worked in and the first time, from what was said.</summary>
    private (string? Project, DateTimeOffset? Began) ReadTranscript(string path)
    {
        string? project = null;
        DateTimeOffset? began = null;
        ReadOnlySpan<byte> rest = ReadBeside(path);
        for (int lines = 0; lines < 50 && !rest.IsEmpty && (project is null || began is null); lines++)
        {
            int end = rest.IndexOf((byte)'\n');
            LogValue line = Parse(end < 0 ? rest : rest[..end]);
            project ??= line["cwd"u8].Text;
            began ??= line["timestamp"u8].Time;
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return (project, began);
    }
}
