using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Opi;

/// <summary>A line of the ledger (docs/ledger.md has the schema).</summary>
internal static class LedgerWire
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private enum Field
    {
        Key,
        Timestamp,
        Source,
        SessionId,
        Turn,
        Project,
        Provider,
        Model,
        ResponseId,
        IsSidechain,
        Tier,
        WebSearches,
        UsageKnown,
        InputTokens,
        OutputTokens,
        CacheReadTokens,
        CacheWriteTokens,
        CacheWrite1hTokens,
        ReasoningTokens,
        LoggedCost,
        Billing,
        Machine,
        User,
        RecordedAt,
    }

    private static readonly WireFields Fields =
        WireFields.Of([Field.Key, Field.Timestamp, Field.Source, Field.InputTokens, Field.OutputTokens]);

    private static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>Writes all fields, null where the log does not say, so that each line has the same columns.</summary>
    public static void Write(Utf8JsonWriter writer, string key, OpiUsage row, DateTimeOffset recordedAt)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, key);
        WriteTime(writer, "timestamp"u8, row.Timestamp);
        writer.WriteString("source"u8, row.SourceName ?? row.Source.ToString());
        writer.WriteString("session_id"u8, row.SessionId);
        writer.WriteNumber("turn"u8, row.Turn);
        writer.WriteString("project"u8, row.Project);
        writer.WriteString("provider"u8, row.Provider);
        writer.WriteString("model"u8, row.Model);
        writer.WriteString("response_id"u8, row.ResponseId);
        writer.WriteBoolean("is_sidechain"u8, row.IsSidechain);
        writer.WriteString("tier"u8, row.Tier.ToString());
        writer.WriteNumber("web_searches"u8, row.WebSearches);
        writer.WriteBoolean("usage_known"u8, row.IsKnown);
        writer.WriteNumber("input_tokens"u8, row.InputTokens);
        writer.WriteNumber("output_tokens"u8, row.OutputTokens);
        writer.WriteNumber("cache_read_tokens"u8, row.CacheReadTokens);
        writer.WriteNumber("cache_write_tokens"u8, row.CacheWriteTokens);
        WriteCount(writer, "cache_write_1h_tokens"u8, row.CacheWrite1hTokens);
        WriteCount(writer, "reasoning_tokens"u8, row.ReasoningTokens);
        if (row.LoggedCost is { } cost)
        {
            writer.WriteNumber("logged_cost"u8, cost);
        }
        else
        {
            writer.WriteNull("logged_cost"u8);
        }

        if (row.Billing is { } billing)
        {
            writer.WritePropertyName("billing"u8);
            BillingWire.Write(writer, billing);
        }

        writer.WriteString("machine"u8, row.Machine);
        writer.WriteString("user"u8, row.User);
        WriteTime(writer, "recorded_at"u8, recordedAt);
        writer.WriteEndObject();
    }

    /// <summary>
    /// Reads a line. One of a later version is read as far as it is understood: a source, a rate or an amount that this Opi does not know makes
    /// its cost incomplete. One from before lines named their machine has none.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="path">The file.</param>
    /// <param name="texts">The texts that lines of the file repeat.</param>
    /// <exception cref="WireException">It is damaged; the message is the reason.</exception>
    public static LedgerLine Read(ReadOnlySpan<byte> line, string path, RepeatedTexts texts)
    {
        if (!Utf8.IsValid(line))
        {
            throw new WireException("it is not UTF-8");
        }

        line = line.StartsWith(Bom) ? line[Bom.Length..] : line;
        var json = new JsonCursor(line);
        var fields = new FieldReader(Fields);
        string? key = null, session = null, project = null, provider = null, model = null, response = null, machine = null, user = null;
        DateTimeOffset? time = null, recorded = null;
        UsageSource source = default;
        string? sourceName = null;
        ServiceTier tier = default;
        var unknown = new UnknownMembers();
        bool sidechain = false, known = true;
        long turn = 0, searches = 0, input = 0, output = 0, cacheRead = 0, cacheWrite = 0;
        long? oneHour = null, reasoning = null;
        decimal? cost = null;
        BillingDetails? billing = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field, out JsonString name))
        {
            switch ((Field)field)
            {
                case Field.Key:
                    key = json.ReadString().ToString();
                    break;
                case Field.Timestamp:
                    time = json.TryReadString(out JsonString text)
                        ? ReadTime(text) ?? throw new WireException($"'{text.ToString()}' is not a time")
                        : null;
                    break;
                case Field.Source:
                    source = ReadName(ref json, UsageSource.Other, "source", texts, ref unknown, out sourceName);
                    break;
                case Field.SessionId:
                    session = ReadText(ref json, texts);
                    break;
                case Field.Turn:
                    turn = json.ReadCount();
                    break;
                case Field.Project:
                    project = ReadText(ref json, texts);
                    break;
                case Field.Provider:
                    provider = ReadText(ref json, texts);
                    break;
                case Field.Model:
                    model = ReadText(ref json, texts);
                    break;
                case Field.ResponseId:
                    response = json.TryReadString(out JsonString id) ? id.ToString() : null;
                    break;
                case Field.IsSidechain:
                    sidechain = json.ReadBoolean();
                    break;
                case Field.Tier:
                    tier = ReadName(ref json, ServiceTier.Other, "tier", texts, ref unknown, out _);
                    break;
                case Field.WebSearches:
                    searches = json.ReadCount();
                    break;
                case Field.UsageKnown:
                    known = json.ReadBoolean();
                    break;
                case Field.InputTokens:
                    input = json.ReadCount();
                    break;
                case Field.OutputTokens:
                    output = json.ReadCount();
                    break;
                case Field.CacheReadTokens:
                    cacheRead = json.ReadCount();
                    break;
                case Field.CacheWriteTokens:
                    cacheWrite = json.ReadCount();
                    break;
                case Field.CacheWrite1hTokens:
                    oneHour = json.TryReadNull() ? null : json.ReadCount();
                    break;
                case Field.ReasoningTokens:
                    reasoning = json.TryReadNull() ? null : json.ReadCount();
                    break;
                case Field.LoggedCost:
                    cost = json.TryReadNull() ? null : BillingWire.ReadMoney(ref json);
                    break;
                case Field.Billing:
                    billing = BillingWire.ReadOrUnknown(ref json, keepRaw: true);
                    break;
                case Field.Machine:
                    machine = ReadText(ref json, texts);
                    break;
                case Field.User:
                    user = ReadText(ref json, texts);
                    break;
                case Field.RecordedAt:
                    recorded = json.TryReadString(out JsonString moment) ? ReadTime(moment) : null;
                    break;
                default:
                    unknown.Read("", name, ref json);
                    break;
            }
        }

        json.End();
        fields.Require();
        if (unknown.Any)
        {
            billing ??= new BillingDetails(tier, (int)Math.Min(searches, int.MaxValue));
            billing = billing with
            {
                Tier = tier == ServiceTier.Other ? tier : billing.Tier,
                Unknown = [.. billing.Unknown.Union(unknown.ToReasons())]
            };
        }

        var row = new OpiUsage
        {
            Key = LedgerKey.Today(source, session, key!),
            SourceName = source == UsageSource.Other ? sourceName : null,
            Timestamp = time,
            Source = source,
            SessionId = session,
            Turn = (int)Math.Min(turn, int.MaxValue),
            Project = project,
            Provider = provider,
            Model = model,
            ResponseId = response,
            IsSidechain = sidechain,
            Tier = tier,
            WebSearches = (int)Math.Min(searches, int.MaxValue),
            IsKnown = known,
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = cacheRead,
            CacheWriteTokens = cacheWrite,
            CacheWrite1hTokens = oneHour,
            ReasoningTokens = reasoning,
            LoggedCost = cost,
            Billing = billing,
            TotalTokens = new Usage(input, output, cacheRead, cacheWrite).TotalTokens,
            Path = path,
            Machine = machine,
            User = user,
        };
        var rank = LedgerRank.Of(row) with
        {
            NamesMachine = machine is not null,
            RecordedAt = recorded?.UtcTicks ?? long.MaxValue,
            Fingerprint = LedgerLine.FingerprintOf(line),
        };
        return new LedgerLine(row, rank, line);
    }

    private static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? time) =>
        writer.WriteString(name, time?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));

    private static void WriteCount(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? count)
    {
        if (count is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string? ReadText(ref JsonCursor json, RepeatedTexts texts) => json.TryReadString(out JsonString text) ? texts.Read(text) : null;

    private static DateTimeOffset? ReadTime(JsonString text) => LogText.ReadTime(text) ?? WireTime.Parse(text.ToString());

    private static T ReadName<T>(
        ref JsonCursor json, T other, string member, RepeatedTexts texts, ref UnknownMembers unknown, out string text)
        where T : struct, Enum
    {
        text = texts.Read(json.ReadString());
        if (Names<T>.All.TryGetValue(text, out T value))
        {
            return value;
        }

        unknown.Add($"{member}={text}");
        return other;
    }

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<string, T> All =
            Enum.GetValues<T>().ToFrozenDictionary(value => value.ToString(), StringComparer.Ordinal);
    }
}
