namespace Opi;

/// <summary>The token counts in a usage object of Anthropic's shape.</summary>
internal struct ClaudeTokens
{
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private long _fiveMinutes;
    private long _oneHour;
    private bool _split;

    /// <summary>Whether some count was none.</summary>
    public bool Bad { get; private set; }

    /// <summary>Reads a property's value if it is a count.</summary>
    public bool TryRead(JsonString name, ref JsonCursor json)
    {
        switch (name.Raw.Length)
        {
            case 12 when name.Is("input_tokens"u8):
                _input = Count(ref json);
                return true;
            case 13 when name.Is("output_tokens"u8):
                _output = Count(ref json);
                return true;
            case 23 when name.Is("cache_read_input_tokens"u8):
                _cacheRead = Count(ref json);
                return true;
            case 27 when name.Is("cache_creation_input_tokens"u8):
                _cacheWrite = Count(ref json);
                return true;
            case 14 when name.Is("cache_creation"u8) && json.AtObject():
                ReadSplit(ref json);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The counts. Where the sum and its parts differ, the larger is right: either has been seen as 0.</summary>
    public readonly UsageCounts ToCounts() =>
        new(_input, _output, _cacheRead, Math.Max(_cacheWrite, TokenMath.Add(_fiveMinutes, _oneHour))) { CacheWrite1h = _split ? _oneHour : null };

    private void ReadSplit(ref JsonCursor json)
    {
        _split = true;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("ephemeral_5m_input_tokens"u8))
            {
                _fiveMinutes = Count(ref json);
            }
            else if (name.Is("ephemeral_1h_input_tokens"u8))
            {
                _oneHour = Count(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private long Count(ref JsonCursor json)
    {
        Bad |= !LogText.TryReadTokens(json.Skip(), out long tokens);
        return Math.Max(0, tokens);
    }
}
