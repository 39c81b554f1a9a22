namespace Opi;

/// <summary>Reads a chat of Qwen Code, or what one of its subagents did.</summary>
internal sealed class QwenReader(LogPart part) : LogValueReader(part)
{
    private static readonly CountNames Names = new(
        ("input_token_count", CountKind.Input), ("promptTokenCount", CountKind.Input),
        ("output_token_count", CountKind.Output), ("candidatesTokenCount", CountKind.Output),
        ("cached_content_token_count", CountKind.CacheRead), ("cachedContentTokenCount", CountKind.CacheRead),
        ("thoughts_token_count", CountKind.Reasoning), ("thoughtsTokenCount", CountKind.Reasoning),
        ("total_token_count", CountKind.Total), ("totalTokenCount", CountKind.Total),
        ("status_code", CountKind.Ignored), ("duration_ms", CountKind.Ignored), ("ttft_ms", CountKind.Ignored),
        ("tool_token_count", CountKind.Ignored), ("toolUsePromptTokenCount", CountKind.Ignored),
        ("promptTokensDetails", CountKind.Ignored), ("candidatesTokensDetails", CountKind.Ignored), ("cacheTokensDetails", CountKind.Ignored));

    private string? _subagentModel;
    private bool _lookedForModel;

    protected override void Read(LogValue value)
    {
        DateTimeOffset? time = value["timestamp"u8].Time;
        Part.File.Began ??= time;
        LogValue record = value["systemPayload"u8]["uiEvent"u8];
        if (record["event.name"u8].Is("qwen-code.api_response"u8))
        {
            string? id = record["response_id"u8].Text;
            Add(value, record, record["event.timestamp"u8].Time ?? time, id, record["model"u8].Text, record["auth_type"u8].Text, isEvent: true);
        }
        else if (value["type"u8].Is("assistant"u8))
        {
            Answers++;
            if (value["usageMetadata"u8] is { IsObject: true } usage)
            {
                Add(value, usage, time, null, value["model"u8].Text ?? ModelOfSubagent(), null, isEvent: false);
            }
        }
    }

    private void Add(LogValue line, LogValue usage, DateTimeOffset? time, string? id, string? model, string? auth, bool isEvent)
    {
        CountTally tally = Names.Read(usage);
        if (tally.Total == TokenMath.Add(tally.Input, TokenMath.Add(tally.Output, tally.Reasoning ?? 0)) && tally.Reasoning > 0)
        {
            // Gemini counts the thoughts besides the answer, others within it. The total shows which.
            tally.Output = TokenMath.Add(tally.Output, tally.Reasoning.Value);
        }

        string? uuid = line["uuid"u8].Text;
        Add(
            new QwenDraft
            {
                IsEvent = isEvent,
                Source = UsageSource.Qwen,
                Timestamp = time,
                SessionId = line["sessionId"u8].Text,
                Project = line["cwd"u8].Text,
                Model = model,
                Provider = auth switch
                {
                    "anthropic" => "anthropic",
                    "gemini" or "gemini-api-key" or "vertex-ai" => "google",
                    _ => null, // an address of the user's own choice
                },
                Counts = tally.Within(),
                IsSidechain = line["isSidechain"u8].IsTrue || usage["subagent_name"u8].Text is not null,
                ResponseId = id,
                Key = id is null ? $"qwen:{line["sessionId"u8].Text}:{uuid}" : $"qwen:{id}",
            },
            ref tally);
    }

    /// <summary>The model that the description of a subagent names; null for a chat.</summary>
    private string? ModelOfSubagent()
    {
        if (!_lookedForModel)
        {
            _lookedForModel = true;
            _subagentModel = Parse(ReadBeside(Path.ChangeExtension(Part.File.Path, ".meta.json")))["model"u8].Text;
        }

        return _subagentModel;
    }
}
