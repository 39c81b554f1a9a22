namespace Opi;

/// <summary>Reads the usages of the lines of a log of Claude Code. It takes what it needs of a line and minds little what the rest is like.</summary>
internal sealed class ClaudeLineReader(LogPart part)
{
    private const string NoJson = "a line that is not JSON";
    private const string Torn = "a line that was cut off";

    private LastText _session = new();
    private LastText _project = new();
    private LastText _model = new();
    private LastText _advisor = new();
    private ClaudeDraft? _last;

    /// <summary>Reads a line.</summary>
    /// <param name="line">Its bytes.</param>
    /// <param name="complete">Whether it has its LF; without, it may still be being written.</param>
    public void Read(ReadOnlySpan<byte> line, bool complete)
    {
        line = line.Trim(" \t\r\0"u8);
        if (line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        if (line.IsEmpty)
        {
            return;
        }

        if (line.IndexOf("\"usage\""u8) < 0)
        {
            if (line[0] != (byte)'{')
            {
                part.File.Skip(NoJson);
            }
            else if (line[^1] != (byte)'}')
            {
                part.File.Skip(Torn);
            }
            else if (part.Start == 0 && part.File.Began is null)
            {
                ReadBeginning(line);
            }

            return;
        }

        ReadObjects(line, complete);
    }

    /// <summary>Whose model it is, by its name; null where that does not tell.</summary>
    public static string? ProviderOf(string? model) =>
        model is not null && model.Contains("claude", StringComparison.OrdinalIgnoreCase) ? "anthropic" : null;

    /// <summary>Reads all objects of a line: writers that were interrupted have left two on one.</summary>
    private void ReadObjects(ReadOnlySpan<byte> line, bool complete)
    {
        while (!line.IsEmpty)
        {
            var json = new JsonCursor(line, lenient: true);
            var fields = new ClaudeLine();
            try
            {
                fields.Read(ref json);
            }
            catch (WireException)
            {
                line = Recover(line, ref fields, complete);
                continue;
            }

            Add(ref fields);
            line = line[json.Position..].TrimStart(" \t\r\0"u8);
        }
    }

    /// <summary>
    /// Goes on after a line that is no JSON. What follows a piece that was cut off is read as if it stood on its own line. A usage that can be
    /// read whole, of a message that is named, counts although something else in the line is wrong.
    /// </summary>
    /// <returns>What is to be read next.</returns>
    private ReadOnlySpan<byte> Recover(ReadOnlySpan<byte> line, scoped ref ClaudeLine fields, bool complete)
    {
        int next = line[1..].IndexOf("{\"parentUuid\":"u8) + 1;
        if (next > 0)
        {
            part.File.Skip(Torn);
            return line[next..];
        }

        if (complete && line[^1] == (byte)'}' && fields.TrySalvage(line))
        {
            Add(ref fields);
        }
        else
        {
            part.File.Skip(line[0] != (byte)'{' || line[^1] == (byte)'}' ? NoJson : Torn);
        }

        return [];
    }

    private void ReadBeginning(ReadOnlySpan<byte> line)
    {
        var json = new JsonCursor(line, lenient: true);
        var fields = new ClaudeLine();
        try
        {
            fields.Read(ref json);
            part.File.Began = LogText.ReadTime(fields.Timestamp);
        }
        catch (WireException)
        {
            // It has no usage, so that nothing is lost.
        }
    }

    private void Add(scoped ref ClaudeLine fields)
    {
        DateTimeOffset? time = LogText.ReadTime(fields.Timestamp);
        if (part.Start == 0)
        {
            part.File.Began ??= time;
        }

        if (fields.Fault is not null)
        {
            part.File.Skip(fields.Fault);
            return;
        }

        if (!fields.HasUsage)
        {
            return;
        }

        string? model = _model.Read(fields.Model);
        var draft = new ClaudeDraft
        {
            Source = UsageSource.ClaudeCode,
            Timestamp = time,
            Began = time,
            SessionId = _session.Read(fields.SessionId),
            Project = _project.Read(fields.Cwd),
            Model = model,
            Provider = ProviderOf(model),
            Counts = fields.Counts,
            IsSidechain = fields.IsSidechain,
            IsReplay = fields.IsSidechain,
            Tier = fields.Tier,
            WebSearches = fields.WebSearches,
            LoggedCost = fields.Cost,
            ResponseId = fields.MessageId.Raw.IsEmpty ? null : LogText.Read(fields.MessageId),
            RequestId = fields.RequestId.Raw.IsEmpty ? null : LogText.Read(fields.RequestId),
            MessageKey = KeyOf(ref fields, time),
            Path = part.File.Path,
        };
        foreach (ClaudeLine.Advisor advisor in fields.Advisors ?? [])
        {
            draft.Advisors.Add((advisor.Model, advisor.Counts));
        }

        if (_last is not null && _last.MessageKey == draft.MessageKey && _last.IsSameResponse(draft))
        {
            _last.Absorb(draft);
        }
        else
        {
            part.Drafts.Add(_last = draft);
        }
    }

    private static string KeyOf(scoped ref ClaudeLine fields, DateTimeOffset? time) =>
        !fields.MessageId.Raw.IsEmpty ? LogText.Read(fields.MessageId)
        : !fields.RequestId.Raw.IsEmpty ? "request:" + LogText.Read(fields.RequestId)
        : !fields.Uuid.Raw.IsEmpty ? "line:" + LogText.Read(fields.Uuid)
        : FormattableString.Invariant($"time:{time?.UtcTicks}:{fields.Counts.Input}/{fields.Counts.Output}/{fields.Counts.CacheRead}/{fields.Counts.CacheWrite}");
}
