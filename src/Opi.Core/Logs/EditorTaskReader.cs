using System.Text;

namespace Opi;

/// <summary>Reads the requests of a task of Cline, Roo Code or Kilo Code in an editor.</summary>
/// <param name="part">The document.</param>
/// <param name="source">Whose it is.</param>
/// <param name="prefix">What the keys begin with.</param>
/// <param name="isPrompt">Whether the agent's input is the whole prompt, with what the cache has.</param>
internal sealed class EditorTaskReader(LogPart part, UsageSource source, string prefix, bool isPrompt) : LogValueReader(part)
{
    /// <summary>Before this day Roo Code logged Anthropic's input without the cached part. No file says which version wrote it.</summary>
    private static readonly DateTimeOffset PromptSince = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CountNames Names = new(
        ("tokensIn", CountKind.Input), ("tokensOut", CountKind.Output), ("cacheReads", CountKind.CacheRead),
        ("cacheWrites", CountKind.CacheWrite), ("cost", CountKind.Money), ("totalCost", CountKind.Money));

    private readonly EditorTaskModels _models = new();
    private readonly string _task = LogPath.Above(part.File.Path, 1);
    private readonly string _folder = LogPath.FolderAbove(part.File.Path, 1);
    private string? _project;

    protected override void Read(LogValue value)
    {
        byte[]? history = ReadBeside(Path.Combine(_folder, "api_conversation_history.json"));
        _models.ReadHistory(Parse(history));
        _models.ReadMetadata(Parse(ReadBeside(Path.Combine(_folder, "task_metadata.json"))));
        _project = Parse(ReadBeside(Path.Combine(_folder, "history_item.json")))["workspace"u8].Text ?? EditorTaskModels.FindProject(history);
        bool isApart = !isPrompt;
        foreach (LogValue message in value.Elements)
        {
            // One request whose cache is larger than its input shows how the whole task was counted.
            isApart = isApart || (IsRequest(message) && IsApart(Parse(TextOf(message)), message["ts"u8].UnixTime));
        }

        foreach (LogValue message in value.Elements)
        {
            DateTimeOffset? time = message["ts"u8].UnixTime;
            Part.File.Began ??= time;
            if (IsRequest(message))
            {
                Add(message, Parse(TextOf(message)), time, isApart);
            }
            else if (message["say"u8].Is("condense_context"u8) && message["contextCondense"u8]["cost"u8].Money is > 0 and { } cost)
            {
                var none = new CountTally();
                UsageDraft draft = Draft(message, time, default);
                draft.LoggedCost = cost;
                draft.Billing = CostOnly;
                Add(draft, ref none);
            }
        }
    }

    /// <summary>What keeps a response without tokens from being priced at nothing, where the log has its cost.</summary>
    public static BillingDetails CostOnly { get; } = new() { Unknown = ["tokens: the log has the cost only"] };

    private static bool IsRequest(LogValue message) =>
        message["say"u8] is var say && (say.Is("api_req_started"u8) || say.Is("deleted_api_reqs"u8) || say.Is("subagent_usage"u8));

    private static byte[] TextOf(LogValue message) => Encoding.UTF8.GetBytes(message["text"u8].Text ?? "");

    private static bool IsApart(LogValue request, DateTimeOffset? time)
    {
        if (request["apiProtocol"u8].Is("openai"u8))
        {
            return false;
        }

        double cached = (request["cacheReads"u8].Number ?? 0) + (request["cacheWrites"u8].Number ?? 0);
        return request["tokensIn"u8].Number < cached || (request["apiProtocol"u8].Is("anthropic"u8) && time < PromptSince);
    }

    private void Add(LogValue message, LogValue request, DateTimeOffset? time, bool isApart)
    {
        CountTally tally = Counts(request);
        UsageDraft draft = Draft(message, time, isApart ? tally.Apart() : tally.Within());
        draft.LoggedCost = tally.Money;
        draft.IsSidechain = message["say"u8].Is("subagent_usage"u8);
        if (draft.Counts.Total > 0 || tally.Unknown.Any || draft.LoggedCost > 0)
        {
            draft.Billing = draft.Counts.Total == 0 && draft.LoggedCost > 0 ? CostOnly : null;
            Add(draft, ref tally);
        }
    }

    /// <summary>The counts only: the rest is the text of the request, and why it failed.</summary>
    private static CountTally Counts(LogValue request)
    {
        var tally = new CountTally();
        foreach (LogMember member in request.Members)
        {
            if (Names.KindOf(member.Name) is CountKind.Money)
            {
                tally.Money = member.Value.Money;
            }
            else if (Names.KindOf(member.Name) is { } kind)
            {
                tally.Read(kind, member);
            }
        }

        return tally;
    }

    private UsageDraft Draft(LogValue message, DateTimeOffset? time, UsageCounts counts)
    {
        (string? model, string? provider) = _models.At(time);
        LogValue info = message["modelInfo"u8];
        return new UsageDraft
        {
            Source = source,
            Timestamp = time,
            SessionId = _task,
            Project = _project,
            Model = info["modelId"u8].Text ?? model,
            Provider = info["providerId"u8].Text ?? provider,
            Counts = counts,
            Key = $"{prefix}:{_task}:{message["ts"u8].Number}",
        };
    }
}
