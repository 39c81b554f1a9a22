namespace Opi;

/// <summary>The sessions of pi. Its forks copy entries as they are, ids and times too.</summary>
internal sealed class PiLog : LineLog
{
    public override UsageSource Source => UsageSource.Pi;

    /// <summary><c>PI_CODING_AGENT_DIR</c>, else <c>~/.pi/agent</c>.</summary>
    public override IEnumerable<string> Folders() => [Path.Combine(Variable("PI_CODING_AGENT_DIR") ?? Path.Combine(Home, ".pi", "agent"), "sessions")];

    public override bool Recognises(LogHead head) =>
        head.Type is "session" ? !head.Has("parent_session") && head.Has("cwd") && head.Version != 1
        : head.Type is "message" && head.Has("message") && !head.Has("sessionId");

    protected override LogLineReader OpenReader(LogPart part) => new PiLineReader(part);
}

/// <summary>
/// Reads the lines of a session of pi. Answers, the work of models inside tools, summaries and what warms the cache all have a usage of
/// the same form.
/// </summary>
internal sealed class PiLineReader(LogPart part) : ObjectLineReader(part)
{
    private string? _session;
    private string? _project;
    private string? _provider;
    private string? _model;

    protected override bool ReadObject(ref JsonCursor json)
    {
        var entry = new PiEntry();
        entry.Read(ref json);
        DateTimeOffset? time = LogText.ReadTime(entry.Timestamp) ?? entry.MessageTime;
        Part.File.Began ??= time;
        if (entry.Type.Is("session"u8))
        {
            (_session, _project) = (Text(entry.Id), Text(entry.Cwd));
        }
        else if (entry.Type.Is("model_change"u8))
        {
            (_provider, _model) = (Text(entry.Provider), Text(entry.Model) ?? Text(entry.ModelId));
        }
        else if (entry.Usage is { Total: > 0 } counts)
        {
            Add(ref entry, counts, time);
        }

        return true;
    }

    private void Add(scoped ref PiEntry entry, UsageCounts counts, DateTimeOffset? time)
    {
        string? model = Text(entry.Model), provider = Text(entry.Provider);
        if (entry.Role.Is("assistant"u8))
        {
            (_provider, _model) = (provider, model);
        }
        else if (model is null && !entry.Role.Is("toolResult"u8))
        {
            (provider, model) = (_provider, _model); // a summary is the work of the model in force; a tool may ask any
        }

        Part.Drafts.Add(new UsageDraft
        {
            Source = UsageSource.Pi,
            Timestamp = time,
            SessionId = _session,
            Project = _project,
            Model = model,
            Provider = provider,
            Counts = counts,
            LoggedCost = entry.Cost,
            ResponseId = Text(entry.ResponseId),
            Path = Part.File.Path,
            Key = FormattableString.Invariant($"pi:{Text(entry.Id)}:{time?.UtcTicks}:{counts.Input}/{counts.Output}/{counts.CacheRead}/{counts.CacheWrite}"),
        });
    }

    private static string? Text(JsonString text) => text.Raw.IsEmpty ? null : LogText.Read(text);
}

/// <summary>What an entry of pi tells of a usage, in the entry itself or in its message.</summary>
internal ref struct PiEntry
{
    public JsonString Type;
    public JsonString Id;
    public JsonString Timestamp;
    public JsonString Cwd;
    public JsonString Role;
    public JsonString Provider;
    public JsonString Model;
    public JsonString ModelId;
    public JsonString ResponseId;
    public DateTimeOffset? MessageTime;
    public UsageCounts? Usage;
    public decimal? Cost;

    public void Read(ref JsonCursor json) => Read(ref json, inMessage: false);

    private void Read(ref JsonCursor json, bool inMessage)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("message"u8) && json.AtObject())
            {
                Read(ref json, inMessage: true);
            }
            else if (name.Is("usage"u8) && json.AtObject())
            {
                ReadUsage(ref json);
            }
            else if (name.Is("provider"u8))
            {
                LogText.Take(ref json, ref Provider);
            }
            else if (name.Is("model"u8))
            {
                LogText.Take(ref json, ref Model);
            }
            else if (name.Is("modelId"u8))
            {
                LogText.Take(ref json, ref ModelId);
            }
            else if (name.Is("responseId"u8))
            {
                LogText.Take(ref json, ref ResponseId);
            }
            else if (name.Is("role"u8))
            {
                LogText.Take(ref json, ref Role);
            }
            else if (inMessage && name.Is("timestamp"u8) && !json.AtString())
            {
                MessageTime = LogText.ReadUnixTime(json.Skip());
            }
            else if (!inMessage && name.Is("type"u8))
            {
                LogText.Take(ref json, ref Type);
            }
            else if (!inMessage && name.Is("id"u8))
            {
                LogText.Take(ref json, ref Id);
            }
            else if (!inMessage && name.Is("timestamp"u8))
            {
                LogText.Take(ref json, ref Timestamp);
            }
            else if (!inMessage && name.Is("cwd"u8))
            {
                LogText.Take(ref json, ref Cwd);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadUsage(ref JsonCursor json)
    {
        long input = 0, output = 0, cacheRead = 0, cacheWrite = 0;
        long? oneHour = null, reasoning = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("input"u8))
            {
                input = LogText.ReadTokens(ref json);
            }
            else if (name.Is("output"u8))
            {
                output = LogText.ReadTokens(ref json);
            }
            else if (name.Is("cacheRead"u8))
            {
                cacheRead = LogText.ReadTokens(ref json);
            }
            else if (name.Is("cacheWrite"u8))
            {
                cacheWrite = LogText.ReadTokens(ref json);
            }
            else if (name.Is("cacheWrite1h"u8))
            {
                oneHour = LogText.ReadTokens(ref json);
            }
            else if (name.Is("reasoning"u8))
            {
                reasoning = LogText.ReadTokens(ref json);
            }
            else if (name.Is("cost"u8) && json.AtObject())
            {
                json.BeginObject();
                while (json.NextProperty(out name))
                {
                    ReadOnlySpan<byte> amount = json.Skip();
                    Cost = name.Is("total"u8) ? LogText.ReadMoney(amount) : Cost;
                }
            }
            else
            {
                json.Skip();
            }
        }

        Usage = new UsageCounts(input, output, cacheRead, cacheWrite) { CacheWrite1h = oneHour, Reasoning = reasoning };
    }
}
