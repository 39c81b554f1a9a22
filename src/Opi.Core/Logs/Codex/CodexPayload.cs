namespace Opi;

/// <summary>What the payload of a line says.</summary>
internal ref struct CodexPayload
{
    public JsonString Type;
    public JsonString Id;
    public JsonString SessionId;
    public JsonString ForkedFrom;
    public JsonString Parent;
    public JsonString Provider;
    public JsonString Cwd;
    public JsonString Model;
    public JsonString ResponseId;
    public JsonString Role;
    public CodexTier? Tier;
    public bool IsSubagent;
    public bool TriggersTurn;
    public CodexTokens? Total;
    public CodexTokens? Last;
    public CodexTokens? Own;
    public CodexTokens? Usage;
    public CodexTokens? ThreadTotal;

    /// <summary>Whether a count of it is invalid.</summary>
    public bool HasBadCount;

    /// <summary>What is not understood of the counts, without the running totals of a record.</summary>
    public UnknownMembers Unknown;

    public void Read(ref JsonCursor json)
    {
        var own = new CodexTokenReader();
        bool hasOwn = false;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("type"u8))
            {
                LogText.Take(ref json, ref Type);
            }
            else if (name.Is("id"u8))
            {
                LogText.Take(ref json, ref Id);
            }
            else if (name.Is("session_id"u8))
            {
                LogText.Take(ref json, ref SessionId);
            }
            else if (name.Is("forked_from_id"u8))
            {
                LogText.Take(ref json, ref ForkedFrom);
            }
            else if (name.Is("parent_thread_id"u8))
            {
                LogText.Take(ref json, ref Parent);
            }
            else if (name.Is("model_provider"u8))
            {
                LogText.Take(ref json, ref Provider);
            }
            else if (name.Is("cwd"u8))
            {
                LogText.Take(ref json, ref Cwd);
            }
            else if (name.Is("model"u8))
            {
                LogText.Take(ref json, ref Model);
            }
            else if (name.Is("response_id"u8))
            {
                LogText.Take(ref json, ref ResponseId);
            }
            else if (name.Is("role"u8))
            {
                LogText.Take(ref json, ref Role);
            }
            else if (name.Is("service_tier"u8))
            {
                ReadTier(ref json);
            }
            else if (name.Is("trigger_turn"u8))
            {
                TriggersTurn = json.Skip().SequenceEqual("true"u8);
            }
            else if ((name.Is("info"u8) || name.Is("source"u8) || name.Is("thread_settings"u8)) && json.AtObject())
            {
                ReadInner(ref json);
            }
            else if (name.Is("usage"u8) && json.AtObject())
            {
                Usage = CodexTokenReader.Read(ref json, ref Unknown);
            }
            else if (name.Is("thread_token_usage"u8) && json.AtObject())
            {
                var unknown = new UnknownMembers(); // a sum, in which an earlier response may have what this one has not
                ThreadTotal = CodexTokenReader.ReadTotal(ref json, ref unknown);
            }
            else if (own.TryRead(name, ref json))
            {
                hasOwn = true;
            }
            else
            {
                json.Skip();
            }
        }

        HasBadCount |= Unknown.HasBadCount;
        if (hasOwn)
        {
            Own = own.Value;
            own.AddTo(ref Unknown);
            HasBadCount |= Unknown.HasBadCount;
        }
    }

    /// <summary>Whether a usage cannot be used because a count of it is invalid.</summary>
    public readonly bool IsLost => HasBadCount && !Unknown.HasAmount
        && (Total?.Total ?? 0) == 0 && (Last?.Total ?? 0) == 0 && (Own?.Total ?? 0) == 0 && (Usage?.Total ?? 0) == 0;

    /// <summary>The members one or two levels deeper: the counts, the settings, whose subagent it is.</summary>
    private void ReadInner(ref JsonCursor json)
    {
        UnknownMembers ofTotal = default, ofLast = default;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("total_token_usage"u8) && json.AtObject())
            {
                Total = CodexTokenReader.ReadTotal(ref json, ref ofTotal);
            }
            else if (name.Is("last_token_usage"u8) && json.AtObject())
            {
                Last = CodexTokenReader.Read(ref json, ref ofLast);
            }
            else if (name.Is("service_tier"u8))
            {
                ReadTier(ref json);
            }
            else if (name.Is("subagent"u8))
            {
                IsSubagent = true;
                if (json.AtObject())
                {
                    ReadInner(ref json);
                }
                else
                {
                    json.Skip();
                }
            }
            else if (name.Is("thread_spawn"u8) && json.AtObject())
            {
                ReadInner(ref json);
            }
            else if (name.Is("parent_thread_id"u8))
            {
                LogText.Take(ref json, ref Parent);
            }
            else
            {
                json.Skip();
            }
        }

        Unknown.Add(Last is null ? ofTotal : ofLast);
        HasBadCount |= ofTotal.HasBadCount || ofLast.HasBadCount;
    }

    private void ReadTier(ref JsonCursor json)
    {
        JsonString tier = default;
        LogText.Take(ref json, ref tier);
        Tier = CodexTier.Of(tier);
    }
}
