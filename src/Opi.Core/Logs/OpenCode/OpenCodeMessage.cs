namespace Opi;

/// <summary>
/// A message of opencode: a document, or the data of a row of its database, where the ids and the kind are columns. Version 2 has the model
/// as an object and no role.
/// </summary>
internal ref struct OpenCodeMessage
{
    public JsonString Id;
    public JsonString Session;
    public JsonString Role;
    public JsonString Cwd;
    public LogCost Cost;
    public UnknownMembers Unknown;

    private JsonString _model;
    private JsonString _provider;
    private long _reasoning;

    /// <summary>The tokens; null when there are none.</summary>
    public UsageCounts? Counts { get; private set; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset? Time { get; private set; }

    /// <summary>Reads it.</summary>
    /// <exception cref="WireException">It is not JSON.</exception>
    public void Read(ref JsonCursor json)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("id"u8))
            {
                LogText.Take(ref json, ref Id);
            }
            else if (name.Is("sessionID"u8))
            {
                LogText.Take(ref json, ref Session);
            }
            else if (name.Is("role"u8))
            {
                LogText.Take(ref json, ref Role);
            }
            else if (name.Is("modelID"u8))
            {
                LogText.Take(ref json, ref _model);
            }
            else if (name.Is("providerID"u8))
            {
                LogText.Take(ref json, ref _provider);
            }
            else if (name.Is("model"u8) && json.AtObject())
            {
                ReadModel(ref json);
            }
            else if (name.Is("cost"u8))
            {
                Cost = LogCost.Read(ref json);
            }
            else if (name.Is("tokens"u8) && json.AtObject())
            {
                ReadTokens(ref json);
            }
            else if ((name.Is("time"u8) || name.Is("path"u8)) && json.AtObject())
            {
                ReadTimeOrPath(ref json);
            }
            else if (name.Is("path"u8))
            {
                LogText.Take(ref json, ref Cwd);
            }
            else
            {
                json.Skip();
            }
        }
    }

    /// <summary>The response; null when it used nothing.</summary>
    /// <param name="source">Whose it is.</param>
    /// <param name="prefix">What its key begins with.</param>
    /// <param name="session">The session.</param>
    /// <param name="id">The message.</param>
    /// <param name="texts">The texts that were read last.</param>
    public readonly OpenCodeDraft? ToDraft(UsageSource source, string prefix, string session, string id, OpenCodeTexts texts)
    {
        if (Counts is not { } counts || (counts.Total == 0 && !Unknown.HasAmount && Cost.Stated is null))
        {
            return null;
        }

        string? provider = texts.Provider.Read(_provider);
        return new OpenCodeDraft(prefix, _reasoning)
        {
            Source = source,
            Timestamp = Time,
            SessionId = session,
            Project = texts.Folder.Read(Cwd),
            Model = texts.Model.Read(_model),
            Provider = provider,
            Counts = counts,
            Billing = Cost.ToBilling(provider, Unknown),
            LoggedCost = Cost.Total,
            ResponseId = id,
        };
    }

    private void ReadModel(ref JsonCursor json)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("id"u8) || name.Is("modelID"u8))
            {
                LogText.Take(ref json, ref _model);
            }
            else if (name.Is("providerID"u8))
            {
                LogText.Take(ref json, ref _provider);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadTimeOrPath(ref JsonCursor json)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("created"u8))
            {
                Time = new LogValue(json.Skip()).Time;
            }
            else if (name.Is("cwd"u8))
            {
                LogText.Take(ref json, ref Cwd);
            }
            else
            {
                json.Skip();
            }
        }
    }

    /// <summary>The counts. opencode's output does not hold the thinking, unless its total shows that it does.</summary>
    private void ReadTokens(ref JsonCursor json)
    {
        long input = 0, output = 0, reasoning = 0, cacheRead = 0, cacheWrite = 0;
        long? total = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("input"u8))
            {
                input = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("output"u8))
            {
                output = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("reasoning"u8))
            {
                reasoning = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("total"u8))
            {
                total = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("cache"u8) && json.AtObject())
            {
                json.BeginObject();
                while (json.NextProperty(out name))
                {
                    if (name.Is("read"u8))
                    {
                        cacheRead = Unknown.ReadCount("cache.", name, ref json);
                    }
                    else if (name.Is("write"u8))
                    {
                        cacheWrite = Unknown.ReadCount("cache.", name, ref json);
                    }
                    else
                    {
                        Unknown.Read("cache.", name, ref json);
                    }
                }
            }
            else
            {
                Unknown.Read("", name, ref json);
            }
        }

        var counts = new UsageCounts(input, output, cacheRead, cacheWrite) { Reasoning = reasoning };
        if (counts.Total != total)
        {
            counts = counts with { Output = TokenMath.Add(output, reasoning) };
            Unknown.CheckTotal("total", total, counts.Total);
            _reasoning = reasoning;
        }

        Counts = counts;
    }
}
