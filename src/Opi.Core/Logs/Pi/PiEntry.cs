namespace Opi;

/// <summary>The usage in an entry of pi, in the entry itself or in its message.</summary>
internal ref struct PiEntry
{
    public JsonString Type;
    public JsonString Id;
    public JsonString Timestamp;
    public JsonString Cwd;
    public JsonString Role;
    public JsonString Provider;
    public JsonString Model;
    public JsonString ModelId;
    public JsonString ResponseId;
    public DateTimeOffset? MessageTime;
    public UsageCounts? Usage;
    public LogCost Cost;
    public UnknownMembers Unknown;

    public void Read(ref JsonCursor json) => Read(ref json, inMessage: false);

    private void Read(ref JsonCursor json, bool inMessage)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("message"u8) && json.AtObject())
            {
                Read(ref json, inMessage: true);
            }
            else if (name.Is("usage"u8) && json.AtObject())
            {
                ReadUsage(ref json);
            }
            else if (name.Is("provider"u8))
            {
                LogText.Take(ref json, ref Provider);
            }
            else if (name.Is("model"u8))
            {
                LogText.Take(ref json, ref Model);
            }
            else if (name.Is("modelId"u8))
            {
                LogText.Take(ref json, ref ModelId);
            }
            else if (name.Is("responseId"u8))
            {
                LogText.Take(ref json, ref ResponseId);
            }
            else if (name.Is("role"u8))
            {
                LogText.Take(ref json, ref Role);
            }
            else if (inMessage && name.Is("timestamp"u8) && !json.AtString())
            {
                MessageTime = new LogValue(json.Skip()).Time;
            }
            else if (!inMessage && name.Is("type"u8))
            {
                LogText.Take(ref json, ref Type);
            }
            else if (!inMessage && name.Is("id"u8))
            {
                LogText.Take(ref json, ref Id);
            }
            else if (!inMessage && name.Is("timestamp"u8))
            {
                LogText.Take(ref json, ref Timestamp);
            }
            else if (!inMessage && name.Is("cwd"u8))
            {
                LogText.Take(ref json, ref Cwd);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadUsage(ref JsonCursor json)
    {
        long input = 0, output = 0, cacheRead = 0, cacheWrite = 0;
        long? oneHour = null, reasoning = null, total = null;
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
            else if (name.Is("cacheRead"u8))
            {
                cacheRead = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("cacheWrite"u8))
            {
                cacheWrite = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("cacheWrite1h"u8))
            {
                oneHour = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("reasoning"u8) || name.Is("reasoningTokens"u8))
            {
                reasoning = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("totalTokens"u8))
            {
                total = Unknown.ReadCount("", name, ref json);
            }
            else if (name.Is("cost"u8))
            {
                Cost = LogCost.Read(ref json);
            }
            else if (name.Is("contextUsage"u8))
            {
                json.Skip(); // a size
            }
            else
            {
                Unknown.Read("", name, ref json);
            }
        }

        Unknown.CheckPart("cacheWrite1h", oneHour ?? 0, cacheWrite);
        Unknown.CheckPart("reasoning", reasoning ?? 0, output);
        Usage = new UsageCounts(input, output, cacheRead, cacheWrite) { CacheWrite1h = oneHour, Reasoning = reasoning };
        Unknown.CheckTotal("totalTokens", total, Usage.Value.Total);
    }
}
