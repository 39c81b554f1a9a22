namespace Opi;

/// <summary>Reads the events of a session of Copilot CLI.</summary>
internal sealed class CopilotReader(LogPart part) : LogValueReader(part)
{
    private static readonly CountNames Names = new(
        ("inputTokens", CountKind.Input), ("outputTokens", CountKind.Output), ("cacheReadTokens", CountKind.CacheRead),
        ("cacheWriteTokens", CountKind.CacheWrite), ("reasoningTokens", CountKind.Reasoning));

    private readonly Dictionary<string, UsageCounts> _before = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _unitsBefore = new(StringComparer.Ordinal);
    private string? _session = LogPath.Above(part.File.Path, 1) is { Length: > 0 } folder ? folder : null;
    private string? _project;

    /// <summary>What GitHub billed, in USD: a billion nano-AIU are a credit, and a credit is a cent.</summary>
    public static decimal? ToUsd(decimal? nanoAiu) => nanoAiu / 100_000_000_000m;

    /// <summary>What keeps the list price of the tokens from being taken for the bill, where GitHub billed credits.</summary>
    public static BillingDetails InCredits { get; } = new() { Unknown = ["credits: GitHub bills AI credits, not tokens"] };

    protected override void Read(LogValue value)
    {
        LogValue type = value["type"u8], data = value["data"u8];
        DateTimeOffset? time = value["timestamp"u8].Time;
        Part.File.Began ??= time;
        if (type.Is("session.start"u8) || type.Is("session.resume"u8))
        {
            _session = data["sessionId"u8].Text ?? _session;
            _project ??= data["context"u8]["cwd"u8].Text;
        }
        else if (type.Is("session.usage_record"u8))
        {
            AddRecord(data["usage"u8], time, value["agentId"u8].Text is not null);
        }
        else if (type.Is("session.shutdown"u8))
        {
            AddLeg(data, time);
        }
        else if (type.Is("assistant.message"u8))
        {
            Answers++;
        }
    }

    private void AddRecord(LogValue usage, DateTimeOffset? time, bool isSubagent)
    {
        CountTally tally = ReadCounts(usage);
        UsageCounts counts = tally.Within();
        LogValue accounting = usage["accounting"u8];
        string? session = accounting["sourceSessionId"u8].Text ?? _session;
        string? id = accounting["usageId"u8].Text ?? usage["apiCallId"u8].Text;
        decimal? cost = ToUsd(usage["copilotUsage"u8]["totalNanoAiu"u8].Money);
        bool isBilled = cost > 0 && !usage["isByok"u8].IsTrue;
        Add(
            new CopilotDraft
            {
                Source = UsageSource.Copilot,
                Record = CopilotRecord.Event,
                Timestamp = time,
                SessionId = session,
                Project = _project,
                Model = usage["model"u8].Text,
                Provider = usage["isByok"u8].IsTrue ? usage["modelProvider"u8].Text : "github-copilot",
                Counts = counts,
                IsSidechain = isSubagent || usage["initiator"u8].Is("sub-agent"u8),
                LoggedCost = isBilled ? cost : null,
                Billing = isBilled ? InCredits : null,
                ResponseId = id,
                Key = FormattableString.Invariant($"copilot:{session}:{id ?? $"{time?.UtcTicks}:{counts.Total}"}"),
            },
            ref tally);
    }

    /// <summary>
    /// Adds what a part of a session used, by the sums at its end. They continue over all parts of a session; a sum that is lower than before started
    /// again, and so did all sums of that shutdown.
    /// </summary>
    private void AddLeg(LogValue data, DateTimeOffset? time)
    {
        var sums = new List<(string Model, UsageCounts Counts, decimal Units, CountTally Tally)>();
        bool isNew = false;
        foreach (LogMember member in data["modelMetrics"u8].Members)
        {
            LogValue usage = member.Value["usage"u8];
            if (!usage.IsObject)
            {
                continue; // old versions count requests only
            }

            CountTally tally = ReadCounts(usage);
            UsageCounts counts = tally.Within();
            string model = LogText.Read(member.Name);
            sums.Add((model, counts, member.Value["totalNanoAiu"u8].Money ?? 0, tally));
            isNew |= _before.TryGetValue(model, out UsageCounts known) && IsLess(counts, known);
        }

        if (isNew)
        {
            _before.Clear();
            _unitsBefore.Clear();
        }

        // The sums of the models are what was billed only where they add up to the sum of the session.
        bool areBills = sums.Count > 0 && sums.Sum(sum => sum.Units) is > 0 and var all && all == data["totalNanoAiu"u8].Money;
        foreach ((string model, UsageCounts counts, decimal units, CountTally sum) in sums)
        {
            CountTally tally = sum;
            UsageCounts before = _before.GetValueOrDefault(model);
            decimal? cost = areBills ? ToUsd(units - _unitsBefore.GetValueOrDefault(model)) : null;
            var leg = new UsageCounts(
                counts.Input - before.Input,
                counts.Output - before.Output,
                counts.CacheRead - before.CacheRead,
                counts.CacheWrite - before.CacheWrite)
            {
                Reasoning = counts.Reasoning is { } reasoning ? reasoning - (before.Reasoning ?? 0) : null,
            };
            (_before[model], _unitsBefore[model]) = (counts, units);
            Add(
                new CopilotDraft
                {
                    Source = UsageSource.Copilot,
                    Record = CopilotRecord.Shutdown,
                    Timestamp = time,
                    SessionId = _session,
                    Project = _project,
                    Model = model,
                    Provider = cost > 0 ? "github-copilot" : null,
                    Counts = leg,
                    LoggedCost = cost > 0 ? cost : null,
                    Billing = (cost > 0 ? InCredits : BillingDetails.Plain) with { ContextTokens = 0 },
                    Key = FormattableString.Invariant($"copilot:{_session}:{model}:{time?.UtcTicks}"),
                },
                ref tally);
        }
    }

    private static bool IsLess(UsageCounts now, UsageCounts before) =>
        now.Input < before.Input || now.Output < before.Output || now.CacheRead < before.CacheRead || now.CacheWrite < before.CacheWrite;

    /// <summary>The counts alone: the other numbers of the object are times, sizes and multipliers.</summary>
    private static CountTally ReadCounts(LogValue usage)
    {
        var tally = new CountTally();
        foreach (LogMember member in usage.Members)
        {
            if (Names.KindOf(member.Name) is { } kind)
            {
                tally.Read(kind, member);
            }
        }

        return tally;
    }
}
