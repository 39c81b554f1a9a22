namespace Opi;

/// <summary>Reads Codex' counts, member by member.</summary>
internal ref struct CodexTokenReader()
{
    private long _input;
    private long _cached;
    private long _cacheWrite;
    private long _output;
    private long _reasoning;
    private long? _total;
    private UnknownMembers _unknown;

    public readonly CodexTokens Value => new(_input, _cached, _cacheWrite, _output, _reasoning);

    /// <summary>Reads a running total; null when a count is invalid, since it is not known then what the total adds.</summary>
    public static CodexTokens? ReadTotal(ref JsonCursor json, ref UnknownMembers unknown)
    {
        var own = new UnknownMembers();
        CodexTokens total = Read(ref json, ref own);
        unknown.Add(own);
        return own.HasBadCount ? null : total;
    }

    /// <summary>Reads an object of counts.</summary>
    /// <param name="json">At the object.</param>
    /// <param name="unknown">Gets what is not understood of it.</param>
    public static CodexTokens Read(ref JsonCursor json, ref UnknownMembers unknown)
    {
        var tokens = new CodexTokenReader();
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (!tokens.TryRead(name, ref json))
            {
                tokens._unknown.Read("", name, ref json);
            }
        }

        tokens.AddTo(ref unknown);
        return tokens.Value;
    }

    /// <summary>Reads a property's value if it is a count.</summary>
    public bool TryRead(JsonString name, ref JsonCursor json)
    {
        if (name.Is("input_tokens"u8))
        {
            _input = _unknown.ReadCount("", name, ref json);
        }
        else if (name.Is("cached_input_tokens"u8))
        {
            _cached = _unknown.ReadCount("", name, ref json);
        }
        else if (name.Is("cache_write_input_tokens"u8))
        {
            _cacheWrite = _unknown.ReadCount("", name, ref json);
        }
        else if (name.Is("output_tokens"u8))
        {
            _output = _unknown.ReadCount("", name, ref json);
        }
        else if (name.Is("reasoning_output_tokens"u8))
        {
            _reasoning = _unknown.ReadCount("", name, ref json);
        }
        else if (name.Is("total_tokens"u8))
        {
            _total = _unknown.ReadCount("", name, ref json);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Adds what is not understood, also where the counts contradict each other.</summary>
    public readonly void AddTo(ref UnknownMembers unknown)
    {
        unknown.Add(_unknown);
        unknown.CheckPart("cached_input_tokens", TokenMath.Add(_cached, _cacheWrite), _input);
        unknown.CheckPart("reasoning_output_tokens", _reasoning, _output);

        // After a compaction Codex notes how large the context will be, as a total without parts. Nothing was billed for that.
        unknown.CheckTotal("total_tokens", Value == default ? null : _total, Value.Total);
    }
}
