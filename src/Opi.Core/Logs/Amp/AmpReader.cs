namespace Opi;

/// <summary>Reads a thread of Amp.</summary>
internal sealed class AmpReader(LogPart part) : LogValueReader(part)
{
    private static readonly CountNames Names = new(
        ("inputTokens", CountKind.Input), ("outputTokens", CountKind.Output), ("cacheReadInputTokens", CountKind.CacheRead),
        ("cacheCreationInputTokens", CountKind.CacheWrite), ("totalInputTokens", CountKind.Ignored), ("maxInputTokens", CountKind.Ignored),
        ("credits", CountKind.Ignored));

    protected override void Read(LogValue value)
    {
        string? thread = value["id"u8].Text;
        string? project = null;
        foreach (LogValue tree in value["env"u8]["initial"u8]["trees"u8].Elements)
        {
            project ??= Uri.TryCreate(tree["uri"u8].Text, UriKind.Absolute, out Uri? uri) && uri.IsFile ? uri.LocalPath : null;
        }

        var times = new Dictionary<double, DateTimeOffset>();
        foreach (LogValue billed in value["usageLedger"u8]["events"u8].Elements)
        {
            if (billed["toMessageId"u8].Number is { } to && billed["timestamp"u8].Time is { } time)
            {
                times[to] = time;
            }
        }

        foreach (LogValue message in value["messages"u8].Elements)
        {
            if (message["role"u8].Is("assistant"u8))
            {
                Answers++;
                if (message["usage"u8] is { IsObject: true } usage)
                {
                    Add(thread, project, message["messageId"u8].Number, usage, times);
                }
            }
        }
    }

    private void Add(string? thread, string? project, double? message, LogValue usage, Dictionary<double, DateTimeOffset> times)
    {
        CountTally tally = Names.Read(usage);
        string? model = usage["model"u8].Text;
        if (model?.StartsWith("gpt-", StringComparison.OrdinalIgnoreCase) == true)
        {
            // OpenAI does not bill cache writes: this count is the input.
            (tally.Input, tally.CacheWrite) = (TokenMath.Add(tally.Input, tally.CacheWrite), 0);
        }

        UsageCounts counts = tally.Apart();
        long? prompt = LogText.TryReadTokens(usage["totalInputTokens"u8].Raw, out long total) ? total : null;
        tally.Unknown.CheckTotal("totalInputTokens", prompt, counts.Total - counts.Output);
        Add(
            new UsageDraft
            {
                Source = UsageSource.Amp,
                Timestamp = usage["timestamp"u8].Time ?? (message is { } id && times.TryGetValue(id, out DateTimeOffset time) ? time : null),
                SessionId = thread,
                Project = project,
                Model = model,
                Counts = counts,
                Key = FormattableString.Invariant($"amp:{thread}:{message}"),
            },
            ref tally);
    }
}
