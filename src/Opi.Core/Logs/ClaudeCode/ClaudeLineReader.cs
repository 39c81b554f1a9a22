using System.Text;

namespace Opi;

/// <summary>Reads the usages of the lines of a log of Claude Code. It takes what it needs of a line and minds little what the rest is like.</summary>
internal sealed class ClaudeLineReader : LogLineReader
{
    private readonly ClaudeScratch _scratch;
    private readonly ClaudeResponses _responses;
    private int _lastPlace = -1; // of the response that further lines may add to

    /// <summary>Reads into a part.</summary>
    /// <param name="part">The part.</param>
    public ClaudeLineReader(LogPart part)
        : base(part)
    {
        _scratch = part.IsFollowed ? new ClaudeScratch() : ClaudeScratch.Take();
        part.Packed = _responses = part.IsFollowed ? new ClaudeResponses() : new ClaudeResponses(_scratch.Block);
    }

    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<byte> line, bool complete)
    {
        if (line.IndexOf("\"usage\""u8) < 0)
        {
            if (_lastPlace < 0 && line.IndexOf("\"assistant\""u8) >= 0)
            {
                Answers++;
            }

            if (line[0] != (byte)'{')
            {
                Part.File.Skip(NoJson);
            }
            else if (line[^1] != (byte)'}')
            {
                Part.File.Skip(Torn);
            }
            else if (Part.Start == 0 && Part.File.Began is null)
            {
                ReadBeginning(line);
            }

            return;
        }

        ReadObjects(line, complete);
    }

    /// <inheritdoc/>
    public override void End()
    {
        if (!Part.IsFollowed)
        {
            _scratch.Leave(Part, _responses.Last!);
        }
    }

    /// <summary>The provider: by the ids of Bedrock and Vertex, else by the model's name; null if not known.</summary>
    /// <param name="model">The model.</param>
    /// <param name="messageId">The id of the message, UTF-8; empty when it has none.</param>
    public static string? ProviderOf(string? model, ReadOnlySpan<byte> messageId) =>
        messageId.StartsWith("msg_bdrk_"u8) ? BedrockRegions.Provider
        : messageId.StartsWith("msg_vrtx_"u8) ? "google"
        : model is not null && model.Contains("claude", StringComparison.OrdinalIgnoreCase) ? "anthropic"
        : null;

    /// <summary>Reads all objects of a line: writers that were interrupted have left two on one.</summary>
    private void ReadObjects(ReadOnlySpan<byte> line, bool complete)
    {
        if (TryReadWhole(line))
        {
            return;
        }

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

    /// <summary>Reads the one object of a line without looking into its content, as nearly all can be.</summary>
    private bool TryReadWhole(ReadOnlySpan<byte> line)
    {
        var json = new JsonCursor(line, lenient: true);
        var fields = new ClaudeLine(leap: true);
        try
        {
            fields.Read(ref json);
        }
        catch (WireException)
        {
            return false;
        }

        if (json.Position < line.Length)
        {
            return false;
        }

        Add(ref fields);
        return true;
    }

    /// <summary>
    /// Goes on after a line that is not JSON. What follows a piece that was cut off is read as if it stood on its own line. A usage that can be
    /// read whole, of a message that is named, counts although something else in the line is wrong.
    /// </summary>
    /// <returns>What is to be read next.</returns>
    private ReadOnlySpan<byte> Recover(ReadOnlySpan<byte> line, scoped ref ClaudeLine fields, bool complete)
    {
        int next = line[1..].IndexOf("{\"parentUuid\":"u8) + 1;
        if (next > 0)
        {
            Part.File.Skip(Torn);
            return line[next..];
        }

        if (complete && line[^1] == (byte)'}' && fields.TrySalvage(line))
        {
            Add(ref fields);
        }
        else
        {
            Part.File.Skip(line[0] != (byte)'{' || line[^1] == (byte)'}' ? NoJson : Torn);
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
            Part.File.Began = LogText.ReadTime(fields.Timestamp);
        }
        catch (WireException)
        {
            // It has no usage, so that nothing is lost.
        }
    }

    private void Add(scoped ref ClaudeLine fields)
    {
        DateTimeOffset? time = LogText.ReadTime(fields.Timestamp);
        if (Part.Start == 0)
        {
            Part.File.Began ??= time;
        }

        if (!fields.HasUsage)
        {
            Answers += _lastPlace < 0 && (fields.Type.Is("assistant"u8) || fields.Role.Is("assistant"u8)) ? 1 : 0;
            return;
        }

        ReadOnlySpan<byte> message = LogText.Utf8(fields.MessageId);
        bool hasUniqueId = message.IsEmpty || ClaudeDraft.IsUnique(message);
        string? request = hasUniqueId && !message.IsEmpty ? null : ReadText(fields.RequestId);
        ReadOnlySpan<byte> id = message.IsEmpty ? Encoding.UTF8.GetBytes(KeyOf(ref fields, request, time)) : message;
        string? model = _scratch.Model.Read(fields.Model);
        ClaudeDraft draft = _scratch.Next;
        draft.Clear();
        draft.Source = UsageSource.ClaudeCode;
        draft.Timestamp = time;
        draft.Began = time;
        draft.SessionId = _scratch.Session.Read(fields.SessionId);
        draft.Project = _scratch.Project.Read(fields.Cwd);
        draft.Model = model;
        draft.Provider = ProviderOf(model, message);
        draft.Counts = fields.Counts;
        draft.IsSidechain = fields.IsSidechain;
        draft.IsReplay = fields.IsSidechain;
        draft.Tier = fields.Tier;
        draft.WebSearches = fields.WebSearches;
        draft.LoggedCost = fields.Cost;
        draft.IsNamed = !message.IsEmpty;
        draft.HasUniqueId = hasUniqueId;
        draft.RequestId = hasUniqueId ? null : request;
        draft.Path = Part.File.Path;
        bool isPlain = fields.RawUsage.IsEmpty
            || (!fields.PassModel.Raw.IsEmpty && fields.PassModel.Raw.SequenceEqual(fields.Model.Raw)); // its one pass names the same model
        if (!isPlain && !ClaudeUsage.TryRead(fields.RawUsage, draft))
        {
            Part.File.Skip(NoCount);
            return;
        }

        if (fields.HasContainer)
        {
            ClaudeUsage.AddContainer(draft);
        }

        ClaudeDraft last = _scratch.Last;
        if (_lastPlace >= 0 && _responses.IdAt(_lastPlace).Bytes.SequenceEqual(id) && last.IsSameResponse(draft))
        {
            last.Absorb(draft);
            _responses.Set(_lastPlace, last);
        }
        else
        {
            _lastPlace = _responses.Add(draft, id);
            _scratch.KeepNext();
        }
    }

    private static string? ReadText(JsonString text) => text.Raw.IsEmpty ? null : LogText.Read(text);

    /// <summary>An id for a message that has none.</summary>
    private static string KeyOf(scoped ref ClaudeLine fields, string? request, DateTimeOffset? time) =>
        request is not null ? "request:" + request
        : !fields.Uuid.Raw.IsEmpty ? "line:" + LogText.Read(fields.Uuid)
        : FormattableString.Invariant(
            $"time:{time?.UtcTicks}:{fields.Counts.Input}/{fields.Counts.Output}/{fields.Counts.CacheRead}/{fields.Counts.CacheWrite}");
}
