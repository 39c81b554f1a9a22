namespace Opi;

/// <summary>What a line of Claude Code's log says of a response.</summary>
/// <param name="leap">Whether to leap over the content. Where the object then does not end with the line, it must be read without.</param>
internal ref struct ClaudeLine(bool leap = false)
{
    private readonly bool _leap = leap;

    public JsonString Timestamp;
    public JsonString SessionId;
    public JsonString Cwd;
    public JsonString RequestId;
    public JsonString Uuid;
    public JsonString MessageId;
    public JsonString Model;
    public JsonString Role;
    public JsonString Type;
    public UsageCounts Counts;
    public ServiceTier Tier;
    public int WebSearches;
    public decimal? Cost;
    public bool IsSidechain;
    public bool HasUsage;

    /// <summary>The usage object, if it has more than the fields above; else empty.</summary>
    public ReadOnlySpan<byte> RawUsage;

    /// <summary>The model of the one pass, where that is all that <see cref="RawUsage"/> has more; else empty.</summary>
    public JsonString PassModel;

    /// <summary>Whether it ran in a container, whose time is billed.</summary>
    public bool HasContainer;

    /// <summary>Reads the object on a line. Values of an unexpected type are ignored.</summary>
    /// <exception cref="WireException">It is not JSON.</exception>
    public void Read(ref JsonCursor json)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            switch (name.Raw.Length)
            {
                case 3 when name.Is("cwd"u8):
                    LogText.Take(ref json, ref Cwd);
                    break;
                case 4 when name.Is("uuid"u8):
                    LogText.Take(ref json, ref Uuid);
                    break;
                case 4 when name.Is("type"u8):
                    LogText.Take(ref json, ref Type);
                    break;
                case 4 when name.Is("data"u8) && json.AtObject():
                    ReadProgress(ref json);
                    break;
                case 7 when name.Is("message"u8) && json.AtObject():
                    ReadMessage(ref json);
                    break;
                case 7 when name.Is("costUSD"u8):
                    Cost = LogText.ReadMoney(json.Skip());
                    break;
                case 9 when name.Is("timestamp"u8):
                    LogText.Take(ref json, ref Timestamp);
                    break;
                case 9 when name.Is("sessionId"u8):
                    LogText.Take(ref json, ref SessionId);
                    break;
                case 9 when name.Is("requestId"u8):
                    LogText.Take(ref json, ref RequestId);
                    break;
                case 11 when name.Is("isSidechain"u8):
                    IsSidechain |= json.Skip().SequenceEqual("true"u8);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (!Type.Raw.IsEmpty && !Type.Is("assistant"u8) && !Type.Is("progress"u8))
        {
            HasUsage = false;
        }
    }

    /// <summary>
    /// Reads the usage of a line that is not JSON somewhere else: of an answer whose id is before the fault, the usage and the time after it.
    /// </summary>
    public bool TrySalvage(ReadOnlySpan<byte> line)
    {
        if (!HasUsage && !MessageId.Raw.IsEmpty && Role.Is("assistant"u8))
        {
            try
            {
                var json = new JsonCursor(line[(line.LastIndexOf("\"usage\""u8) + "\"usage\"".Length)..].TrimStart(" :"u8), lenient: true);
                ReadUsage(ref json);
            }
            catch (WireException)
            {
                return false;
            }
        }

        if (!HasUsage || MessageId.Raw.IsEmpty)
        {
            return false;
        }

        SalvageText(line, "\"requestId\""u8, ref RequestId);
        SalvageText(line, "\"timestamp\""u8, ref Timestamp);
        return true;
    }

    private static void SalvageText(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref JsonString value)
    {
        int at = line.LastIndexOf(name);
        if (!value.Raw.IsEmpty || at < 0)
        {
            return;
        }

        try
        {
            var json = new JsonCursor(line[(at + name.Length)..].TrimStart(" :"u8), lenient: true);
            value = json.ReadString();
        }
        catch (WireException)
        {
            // Then it is not known.
        }
    }

    /// <summary>A subagent's line inside the progress that its parent notes of it.</summary>
    private void ReadProgress(ref JsonCursor json)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("message"u8) && json.AtObject())
            {
                var inner = new ClaudeLine();
                inner.Read(ref json);
                if (!inner.HasUsage)
                {
                    continue;
                }

                MessageId = inner.MessageId;
                Model = inner.Model;
                RequestId = inner.RequestId;
                Uuid = inner.Uuid;
                RawUsage = inner.RawUsage;
                PassModel = inner.PassModel;
                HasContainer = inner.HasContainer;
                (Counts, Tier, WebSearches, Cost) = (inner.Counts, inner.Tier, inner.WebSearches, inner.Cost);
                (HasUsage, IsSidechain) = (true, true);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadMessage(ref JsonCursor json)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            switch (name.Raw.Length)
            {
                case 2 when name.Is("id"u8):
                    LogText.Take(ref json, ref MessageId);
                    break;
                case 4 when name.Is("role"u8):
                    LogText.Take(ref json, ref Role);
                    break;
                case 5 when name.Is("model"u8):
                    LogText.Take(ref json, ref Model);
                    break;
                case 5 when name.Is("usage"u8) && json.AtObject():
                    ReadUsage(ref json);
                    break;
                case 9 when name.Is("container"u8):
                    HasContainer = json.AtObject();
                    json.Skip();
                    break;
                case 7 when _leap && name.Is("content"u8) && json.TryLeap("],\"stop_reason\":"u8):
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
    }

    /// <summary>
    /// Reads a usage. One with more than counts at a rate that has a name is kept as it is, for <see cref="ClaudeUsage"/> to look at.
    /// </summary>
    private void ReadUsage(ref JsonCursor json)
    {
        JsonCursor start = json;
        var tokens = new ClaudeTokens();
        UsageCounts? pass = null;
        JsonString passModel = default;
        bool isPlain = true;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (tokens.TryRead(name, ref json))
            {
                continue;
            }

            if (name.Is("service_tier"u8))
            {
                isPlain &= ClaudeUsage.TryReadTier(ref json, ref Tier);
            }
            else if (name.Is("speed"u8))
            {
                isPlain &= ClaudeUsage.TryReadSpeed(ref json, ref Tier);
            }
            else if (name.Is("inference_geo"u8))
            {
                isPlain &= ClaudeUsage.TryReadGeo(ref json, out bool isUs) && !isUs;
            }
            else if (name.Is("server_tool_use"u8) && json.AtObject())
            {
                isPlain &= ClaudeUsage.TryReadTools(ref json, ref WebSearches);
            }
            else if (name.Is("iterations"u8) && json.AtArray())
            {
                isPlain &= ClaudeUsage.TryReadOnePass(ref json, ref pass, ref passModel);
            }
            else
            {
                isPlain &= ClaudeUsage.IsNothing(json.Skip());
            }
        }

        Counts = tokens.ToCounts();
        HasUsage = true;
        isPlain &= tokens.IsPlain && (pass is null || pass == Counts with { CacheWrite1h = null, Reasoning = null });
        if (!isPlain || !passModel.Raw.IsEmpty)
        {
            RawUsage = start.Skip();
            PassModel = isPlain ? passModel : default;
        }
    }
}
