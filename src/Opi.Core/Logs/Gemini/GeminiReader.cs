namespace Opi;

/// <summary>Reads the answers of a chat of Gemini CLI.</summary>
internal sealed class GeminiReader(LogPart part) : ObjectLineReader(part)
{
    private string? _session;
    private bool _isSubagent;

    protected override bool ReadObject(ref JsonCursor json)
    {
        JsonString id = default, timestamp = default, type = default, model = default;
        UsageCounts? counts = null;
        var unknown = new UnknownMembers();
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("sessionId"u8))
            {
                JsonString session = default;
                LogText.Take(ref json, ref session);
                _session = session.Raw.IsEmpty ? _session : LogText.Read(session);
            }
            else if (name.Is("kind"u8))
            {
                JsonString kind = default;
                LogText.Take(ref json, ref kind);
                _isSubagent |= kind.Is("subagent"u8);
            }
            else if (name.Is("startTime"u8) || name.Is("timestamp"u8))
            {
                LogText.Take(ref json, ref timestamp);
            }
            else if (name.Is("id"u8))
            {
                LogText.Take(ref json, ref id);
            }
            else if (name.Is("type"u8))
            {
                LogText.Take(ref json, ref type);
            }
            else if (name.Is("model"u8))
            {
                LogText.Take(ref json, ref model);
            }
            else if (name.Is("tokens"u8) && json.AtObject())
            {
                counts = ReadTokens(ref json, ref unknown);
            }
            else if (name.Is("messages"u8) && json.AtArray())
            {
                json.BeginArray();
                while (json.NextElement())
                {
                    if (json.AtObject())
                    {
                        ReadObject(ref json);
                    }
                    else
                    {
                        json.Skip();
                    }
                }
            }
            else
            {
                json.Skip();
            }
        }

        DateTimeOffset? time = LogText.ReadTime(timestamp);
        Part.File.Began ??= time;
        if (!type.Is("gemini"u8))
        {
            return true;
        }

        Part.File.HasResponses |= counts is not null;
        Answers++;
        if (counts is { } spent && (spent.Total > 0 || unknown.HasAmount))
        {
            Part.Drafts.Add(new UsageDraft
            {
                Source = UsageSource.Gemini,
                Timestamp = time,
                SessionId = _session,
                Model = model.Raw.IsEmpty ? null : LogText.Read(model),
                Provider = "google",
                Counts = spent,
                Billing = unknown.Any ? new BillingDetails { Unknown = unknown.ToReasons() } : null,
                Path = Part.File.Path,
                Key = LogText.Read(id),
            });
        }
        else if (unknown.HasBadCount)
        {
            Skip(NoCount);
        }

        return true;
    }

    /// <summary>What the end of the file says is put into all responses.</summary>
    public override bool CanGoOn => false;

    /// <summary>
    /// Gives the answers what may come after them in the file, and their keys. A message is known by its session and its id, for it can be
    /// written again with another time.
    /// </summary>
    public override void End()
    {
        foreach (UsageDraft draft in Part.Drafts)
        {
            draft.SessionId ??= _session;
            draft.IsSidechain = _isSubagent;
            draft.Key = draft.SessionId is not null && draft.Key!.Length > 0
                ? $"gemini:{draft.SessionId}:{draft.Key}"
                : FormattableString.Invariant($"gemini:{draft.SessionId}:{draft.Key}:{draft.Timestamp?.UtcTicks}");
        }
    }

    /// <summary>The counts. Gemini's input holds what came from the cache, and its output does not hold the thinking.</summary>
    private static UsageCounts ReadTokens(ref JsonCursor json, ref UnknownMembers unknown)
    {
        long input = 0, output = 0, cached = 0, thoughts = 0, tool = 0;
        long? total = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("input"u8))
            {
                input = unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("output"u8))
            {
                output = unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("cached"u8))
            {
                cached = unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("thoughts"u8))
            {
                thoughts = unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("tool"u8))
            {
                tool = unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("total"u8))
            {
                total = unknown.ReadCount("", name, ref json);
            }
            else
            {
                unknown.Read("", name, ref json);
            }
        }

        // What tools put into the prompt is counted besides the input, unless the total shows that the input includes it.
        long sum = TokenMath.Add(input, TokenMath.Add(output, thoughts));
        long beside = total == sum ? 0 : tool;
        unknown.CheckTotal("total", total, TokenMath.Add(sum, beside));
        unknown.CheckPart("cached", cached, input);
        return new UsageCounts(
            TokenMath.Add(Math.Max(0, input - cached), beside), TokenMath.Add(output, thoughts), cached, 0) { Reasoning = thoughts };
    }
}
