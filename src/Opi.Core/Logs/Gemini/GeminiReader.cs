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
                counts = ReadTokens(ref json);
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
        if (type.Is("gemini"u8) && counts is { Total: > 0 } spent)
        {
            Part.Drafts.Add(new UsageDraft
            {
                Source = UsageSource.Gemini,
                Timestamp = time,
                SessionId = _session,
                Model = model.Raw.IsEmpty ? null : LogText.Read(model),
                Provider = "google",
                Counts = spent,
                IsSidechain = _isSubagent,
                Path = Part.File.Path,
                Key = FormattableString.Invariant($"gemini:{_session}:{LogText.Read(id)}:{time?.UtcTicks}"),
            });
        }

        return true;
    }

    /// <summary>The counts. Gemini's input holds what came from the cache, and its output does not hold the thinking.</summary>
    private static UsageCounts ReadTokens(ref JsonCursor json)
    {
        long input = 0, output = 0, cached = 0, thoughts = 0, tool = 0, total = long.MaxValue;
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
            else if (name.Is("cached"u8))
            {
                cached = LogText.ReadTokens(ref json);
            }
            else if (name.Is("thoughts"u8))
            {
                thoughts = LogText.ReadTokens(ref json);
            }
            else if (name.Is("tool"u8))
            {
                tool = LogText.ReadTokens(ref json);
            }
            else if (name.Is("total"u8))
            {
                total = LogText.ReadTokens(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        // What tools put into the prompt stands beside the input, unless the total shows that it is in it.
        long beside = total >= TokenMath.Add(TokenMath.Add(input, tool), TokenMath.Add(output, thoughts)) ? tool : 0;
        return new UsageCounts(
            TokenMath.Add(Math.Max(0, input - cached), beside), TokenMath.Add(output, thoughts), cached, 0) { Reasoning = thoughts };
    }
}
