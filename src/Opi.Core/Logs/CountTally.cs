namespace Opi;

/// <summary>The numbers of a usage as an agent wrote them.</summary>
internal struct CountTally
{
    /// <summary>What of it is not understood.</summary>
    public UnknownMembers Unknown;

    private long? _reasoning;
    private long? _write1h;

    /// <summary>Input, as the agent means it.</summary>
    public long Input { get; set; }

    /// <summary>Output, as the agent means it.</summary>
    public long Output { get; set; }

    /// <summary>What was read from the cache.</summary>
    public long CacheRead { get; set; }

    /// <summary>What was written to the cache.</summary>
    public long CacheWrite { get; set; }

    /// <summary>The thinking; null when not known.</summary>
    public readonly long? Reasoning => _reasoning;

    /// <summary>The sum that the agent logs; null when it logs none.</summary>
    public long? Total { get; private set; }

    /// <summary>The money in the usage; null when there is none.</summary>
    public decimal? Money { get; set; }

    /// <summary>Sets a count.</summary>
    public void Set(CountKind kind, long count)
    {
        switch (kind)
        {
            case CountKind.Input:
                Input = count;
                break;
            case CountKind.Output:
                Output = count;
                break;
            case CountKind.CacheRead:
                CacheRead = count;
                break;
            case CountKind.CacheWrite:
                CacheWrite = count;
                break;
            case CountKind.CacheWrite1h:
                _write1h = count;
                break;
            case CountKind.Reasoning:
                _reasoning = count;
                break;
            case CountKind.Total:
                Total = count;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>Reads a count of a member whose name is known.</summary>
    public void Read(CountKind kind, LogMember member)
    {
        var json = new JsonCursor(member.Value.Raw, lenient: true);
        Set(kind, Unknown.ReadCount("", member.Name, ref json));
    }

    /// <summary>The counts of an agent whose input is without what the cache has. A total, if there is one, is the sum of all four.</summary>
    public UsageCounts Apart()
    {
        Unknown.CheckPart("reasoning", _reasoning ?? 0, Output);
        Unknown.CheckPart("cacheWrite1h", _write1h ?? 0, CacheWrite);
        var counts = new UsageCounts(Input, Output, CacheRead, CacheWrite) { CacheWrite1h = _write1h, Reasoning = _reasoning };
        Unknown.CheckTotal("total", Total, counts.Total);
        return counts;
    }

    /// <summary>The counts of an agent whose input is the whole prompt, with what the cache has. A total is input and output.</summary>
    public UsageCounts Within()
    {
        long cached = TokenMath.Add(CacheRead, CacheWrite);
        Unknown.CheckPart("cached input", cached, Input);
        Unknown.CheckTotal("total", Total, TokenMath.Add(Input, Output));
        Total = null;
        Input = Math.Max(0, Input - cached);
        return Apart();
    }
}
