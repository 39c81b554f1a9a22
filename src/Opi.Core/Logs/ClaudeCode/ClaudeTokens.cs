namespace Opi;

/// <summary>The token counts in a usage object of Anthropic's shape.</summary>
internal struct ClaudeTokens()
{
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private long _fiveMinutes;
    private long _oneHour;
    private long? _thinking;
    private bool _split;
    private UnknownMembers _unknown;

    /// <summary>Whether each count is one, and nothing else is in the objects that were read.</summary>
    public readonly bool IsPlain => !_unknown.Any && !(_thinking > _output);

    /// <summary>Reads a property's value if it is a count.</summary>
    public bool TryRead(JsonString name, ref JsonCursor json)
    {
        switch (name.Raw.Length)
        {
            case 12 when name.Is("input_tokens"u8):
                _input = _unknown.ReadCount("", name, ref json);
                return true;
            case 13 when name.Is("output_tokens"u8):
                _output = _unknown.ReadCount("", name, ref json);
                return true;
            case 23 when name.Is("cache_read_input_tokens"u8):
                _cacheRead = _unknown.ReadCount("", name, ref json);
                return true;
            case 27 when name.Is("cache_creation_input_tokens"u8):
                _cacheWrite = _unknown.ReadCount("", name, ref json);
                return true;
            case 14 when name.Is("cache_creation"u8) && json.AtObject():
                ReadSplit(ref json);
                return true;
            case 21 when name.Is("output_tokens_details"u8) && json.AtObject():
                ReadDetails(ref json);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The counts. Where the sum and its parts differ, the larger is right: either has been seen as 0.</summary>
    public readonly UsageCounts ToCounts() =>
        new(_input, _output, _cacheRead, Math.Max(_cacheWrite, TokenMath.Add(_fiveMinutes, _oneHour)))
        {
            CacheWrite1h = _split ? _oneHour : null,
            Reasoning = _thinking,
        };

    /// <summary>Adds what is not understood of the counts.</summary>
    public readonly void AddTo(ref UnknownMembers unknown)
    {
        unknown.Add(_unknown);
        unknown.CheckPart("output_tokens_details.thinking_tokens", _thinking ?? 0, _output);
    }

    private void ReadSplit(ref JsonCursor json)
    {
        _split = true;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("ephemeral_5m_input_tokens"u8))
            {
                _fiveMinutes = _unknown.ReadCount("cache_creation.", name, ref json);
            }
            else if (name.Is("ephemeral_1h_input_tokens"u8))
            {
                _oneHour = _unknown.ReadCount("cache_creation.", name, ref json);
            }
            else
            {
                _unknown.Read("cache_creation.", name, ref json);
            }
        }
    }

    private void ReadDetails(ref JsonCursor json)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("thinking_tokens"u8))
            {
                _thinking = _unknown.ReadCount("output_tokens_details.", name, ref json);
            }
            else
            {
                _unknown.Read("output_tokens_details.", name, ref json);
            }
        }
    }
}
