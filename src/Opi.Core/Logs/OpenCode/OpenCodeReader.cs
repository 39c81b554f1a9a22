namespace Opi;

/// <summary>Reads a message of opencode.</summary>
internal sealed class OpenCodeReader(LogPart part) : ObjectLineReader(part)
{
    protected override bool ReadObject(ref JsonCursor json)
    {
        JsonString id = default, session = default, role = default, model = default, provider = default, cwd = default;
        UsageCounts? counts = null;
        DateTimeOffset? time = null;
        var cost = new LogCost();
        var unknown = new UnknownMembers();
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("id"u8))
            {
                LogText.Take(ref json, ref id);
            }
            else if (name.Is("sessionID"u8))
            {
                LogText.Take(ref json, ref session);
            }
            else if (name.Is("role"u8))
            {
                LogText.Take(ref json, ref role);
            }
            else if (name.Is("modelID"u8))
            {
                LogText.Take(ref json, ref model);
            }
            else if (name.Is("providerID"u8))
            {
                LogText.Take(ref json, ref provider);
            }
            else if (name.Is("cost"u8))
            {
                cost = LogCost.Read(ref json);
            }
            else if (name.Is("tokens"u8) && json.AtObject())
            {
                counts = ReadTokens(ref json, ref unknown);
            }
            else if ((name.Is("time"u8) || name.Is("path"u8)) && json.AtObject())
            {
                json.BeginObject();
                while (json.NextProperty(out name))
                {
                    if (name.Is("created"u8))
                    {
                        time = LogText.ReadUnixTime(json.Skip());
                    }
                    else if (name.Is("cwd"u8))
                    {
                        LogText.Take(ref json, ref cwd);
                    }
                    else
                    {
                        json.Skip();
                    }
                }
            }
            else if (name.Is("path"u8))
            {
                LogText.Take(ref json, ref cwd);
            }
            else
            {
                json.Skip();
            }
        }

        Part.File.Began ??= time;
        if (!role.Is("assistant"u8))
        {
            return true;
        }

        Part.File.HasResponses |= counts is not null;
        Answers++;
        if (counts is { } spent && (spent.Total > 0 || unknown.HasAmount || cost.Stated is not null))
        {
            string? by = provider.Raw.IsEmpty ? null : LogText.Read(provider);
            string sessionId = LogText.Read(session), messageId = LogText.Read(id);
            Part.Drafts.Add(new UsageDraft
            {
                Source = UsageSource.OpenCode,
                Timestamp = time,
                SessionId = sessionId,
                Project = cwd.Raw.IsEmpty ? null : LogText.Read(cwd),
                Model = model.Raw.IsEmpty ? null : LogText.Read(model),
                Provider = by,
                Counts = spent,
                Billing = cost.ToBilling(by, unknown),
                LoggedCost = cost.Total,
                ResponseId = messageId,
                Path = Part.File.Path,
                Key = $"opencode:{sessionId}:{messageId}",
            });
        }
        else if (unknown.HasBadCount)
        {
            Skip(NoCount);
        }

        return true;
    }

    /// <summary>The counts. opencode's output does not hold the thinking, unless its total shows that it does.</summary>
    private static UsageCounts ReadTokens(ref JsonCursor json, ref UnknownMembers unknown)
    {
        long input = 0, output = 0, reasoning = 0, cacheRead = 0, cacheWrite = 0;
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
            else if (name.Is("reasoning"u8))
            {
                reasoning = unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("total"u8))
            {
                total = unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("cache"u8) && json.AtObject())
            {
                json.BeginObject();
                while (json.NextProperty(out name))
                {
                    if (name.Is("read"u8))
                    {
                        cacheRead = unknown.ReadCount("cache.", name, ref json);
                    }
                    else if (name.Is("write"u8))
                    {
                        cacheWrite = unknown.ReadCount("cache.", name, ref json);
                    }
                    else
                    {
                        unknown.Read("cache.", name, ref json);
                    }
                }
            }
            else
            {
                unknown.Read("", name, ref json);
            }
        }

        var counts = new UsageCounts(input, output, cacheRead, cacheWrite) { Reasoning = reasoning };
        if (counts.Total == total)
        {
            return counts;
        }

        counts = counts with { Output = TokenMath.Add(output, reasoning) };
        unknown.CheckTotal("total", total, counts.Total);
        return counts;
    }
}
