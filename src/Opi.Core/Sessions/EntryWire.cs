using System.Text.Json;
using System.Text.Unicode;

namespace Opi;

/// <summary>The wire form of entries, format version 1: one JSON object a line.</summary>
internal static class EntryWire
{
    /// <summary>The reason given for a line that is not UTF-8.</summary>
    public const string NotUtf8 = "not UTF-8 text";

    private static readonly string[] TypeNames =
        [
            "message", "compaction", "leaf", "extension_state", "session_info", "model_change", "thinking_level_change", "label", "branch_summary",
            "compaction_failure", "unknown", "tool_results_cleared", "entry_pin"
        ]; // by EntryType

    private static readonly string[] ThinkingLevels = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]; // by ThinkingLevel

    private static readonly WireFields Fields = WireFields.Of<Field>([]);
    private static readonly uint Always = WireFields.Bits(Field.Id, Field.Timestamp);
    private static readonly uint Envelope = Always | WireFields.Bits(Field.Type, Field.ParentId);
    private static readonly uint Spent = WireFields.Bits(Field.Usage, Field.Model); // what a summary cost, which only Opi writes

    /// <summary>What an entry of a type must have besides its id and time.</summary>
    private static readonly uint[] Required =
    [
        WireFields.Bits(Field.Message),
        WireFields.Bits(Field.Summary, Field.FirstKeptEntryId, Field.TokensBefore, Field.TokensAfter),
        WireFields.Bits(Field.EntryId),
        WireFields.Bits(Field.State),
        WireFields.Bits(Field.Name),
        WireFields.Bits(Field.Model),
        WireFields.Bits(Field.Level),
        WireFields.Bits(Field.Label, Field.Action),
        WireFields.Bits(Field.Summary),
        WireFields.Bits(Field.Error),
        0,
        WireFields.Bits(Field.EntryIds),
        WireFields.Bits(Field.EntryIds, Field.Action),
    ]; // by EntryType

    private enum Field
    {
        Type,
        Id,
        ParentId,
        Timestamp,
        Message,
        Summary,
        FirstKeptEntryId,
        TokensBefore,
        TokensAfter,
        EntryId,
        State,
        Name,
        Level,
        Label,
        Error,
        Usage,
        Model,
        EntryIds,
        Action,
    }

    public static string TypeName(EntryType type) => TypeNames[(int)type];

    public static string LevelName(ThinkingLevel level) => ThinkingLevels[(int)level];

    private static ThinkingLevel LevelOf(string name) => (ThinkingLevel)Array.IndexOf(ThinkingLevels, name);

    public static void Write(Utf8JsonWriter writer, SessionEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, TypeName(entry.Type));
        writer.WriteString("id"u8, entry.Id);
        writer.WriteString("parent_id"u8, entry.ParentId);
        writer.WriteString("timestamp"u8, entry.Timestamp);
        switch (entry)
        {
            case MessageEntry message:
                writer.WritePropertyName("message"u8);
                MessageWire.Write(writer, message.Message);
                break;
            case CompactionEntry compaction:
                writer.WriteString("summary"u8, compaction.Summary);
                writer.WriteString("first_kept_entry_id"u8, compaction.FirstKeptEntryId);
                writer.WriteNumber("tokens_before"u8, compaction.TokensBefore);
                writer.WriteNumber("tokens_after"u8, compaction.TokensAfter);
                if (compaction.Usage is { } spent)
                {
                    WriteSpent(writer, spent, compaction.Model);
                }

                break;
            case LeafEntry leaf:
                writer.WriteString("entry_id"u8, leaf.EntryId);
                break;
            case ExtensionStateEntry state:
                writer.WritePropertyName("state"u8);
                SerdeJson.WriteValue(writer, state.State);
                break;
            case SessionInfoEntry info:
                writer.WriteString("name"u8, info.Name);
                break;
            case ModelChangeEntry model:
                writer.WriteString("model"u8, model.Model);
                break;
            case ThinkingLevelChangeEntry thinking:
                writer.WriteString("level"u8, LevelName(thinking.Level));
                break;
            case LabelEntry label:
                writer.WriteString("label"u8, label.Label);
                writer.WriteString("action"u8, label.Removed ? "remove"u8 : "add"u8);
                break;
            case BranchSummaryEntry branch:
                writer.WriteString("summary"u8, branch.Summary);
                break;
            case CompactionFailureEntry failure:
                writer.WriteString("error"u8, failure.Error);
                WriteSpent(writer, failure.Usage, failure.Model);
                break;
            case ToolResultsClearedEntry cleared:
                WriteIds(writer, cleared.EntryIds);
                break;
            case PinEntry pin:
                WriteIds(writer, pin.EntryIds);
                writer.WriteString("action"u8, pin.Removed ? "remove"u8 : "add"u8);
                break;
            default:
                throw new NotSupportedException($"Entries of type {entry.Type} are not written.");
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads a line into an entry.</summary>
    /// <exception cref="WireException">The line is corrupt; the message is the reason.</exception>
    public static SessionEntry Read(ReadOnlySpan<byte> line)
    {
        var facts = new EntryFacts();
        return Read(line, build: true, ref facts)!;
    }

    /// <summary>Checks a line as <see cref="Read(ReadOnlySpan{byte})"/> does, and notes the facts; builds nothing.</summary>
    /// <exception cref="WireException">The line is corrupt; the message is the reason.</exception>
    public static void Inspect(ReadOnlySpan<byte> line, ref EntryFacts facts) => Read(line, build: false, ref facts);

    /// <summary>One reading of the format for both uses: a line that is indexed can always be built.</summary>
    private static SessionEntry? Read(ReadOnlySpan<byte> line, bool build, ref EntryFacts facts)
    {
        if (!Utf8.IsValid(line))
        {
            throw new WireException(NotUtf8);
        }

        var json = new JsonCursor(line);
        JsonString tag = MessageWire.FindTag(json, "type"u8);
        facts.Type = TypeOf(tag);
        return facts.Type == EntryType.Unknown
            ? ReadUnknown(line, ref json, tag, build, ref facts)
            : ReadKnown(ref json, build, ref facts);
    }

    private static SessionEntry? ReadKnown(ref JsonCursor json, bool build, ref EntryFacts facts)
    {
        EntryType type = facts.Type;
        var fields = new FieldReader(Fields, Envelope | Required[(int)type] | Optional(type));
        Message? message = null;
        JsonElement state = default;
        JsonString text = default;
        long tokensBefore = 0, tokensAfter = 0;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((Field)field)
            {
                case Field.Id:
                    facts.Id = json.ReadString();
                    break;
                case Field.ParentId:
                    facts.HasParent = json.TryReadString(out facts.ParentId);
                    break;
                case Field.Timestamp:
                    facts.Timestamp = json.ReadString();
                    break;
                case Field.Message:
                    message = MessageWire.Read(ref json, build, ref facts.Message);
                    break;
                case Field.FirstKeptEntryId or Field.EntryId:
                    facts.Target = json.ReadString();
                    break;
                case Field.TokensBefore:
                    tokensBefore = json.ReadCount();
                    break;
                case Field.TokensAfter:
                    tokensAfter = json.ReadCount();
                    break;
                case Field.Usage:
                    facts.Message.Usage = ReadSpent(ref json);
                    break;
                case Field.Model when type == EntryType.ModelChange:
                    facts.Target = text = json.ReadString();
                    break;
                case Field.Model when json.AtString():
                    facts.Message.Model = json.ReadString();
                    break;
                case Field.State:
                    ReadOnlySpan<byte> raw = json.Skip();
                    state = build ? SerdeJson.Parse(raw) : default;
                    break;
                case Field.EntryIds:
                    facts.Targets = ReadIds(ref json);
                    break;
                case Field.Action:
                    facts.Removes = ReadAction(json.ReadString(), type);
                    break;
                case Field.Summary or Field.Name or Field.Level or Field.Label or Field.Error:
                    text = json.ReadString();
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        json.End();
        fields.Require(Always | Required[(int)type]);
        if (type == EntryType.ThinkingLevelChange && !ThinkingLevels.Contains(text.ToString()))
        {
            throw new WireException($"unknown thinking level '{text.ToString()}'");
        }
        else if (type == EntryType.CompactionFailure && facts.Message.Usage is null)
        {
            throw new WireException("no 'usage'");
        }

        if (!build)
        {
            return null;
        }

        string id = facts.Id.ToString();
        string? parent = facts.HasParent ? facts.ParentId.ToString() : null;
        string timestamp = facts.Timestamp.ToString();
        return type switch
        {
            EntryType.Message => new MessageEntry(id, parent, timestamp, message!),
            EntryType.Compaction =>
                new CompactionEntry(
                    id,
                    parent,
                    timestamp,
                    text.ToString(),
                    facts.Target.ToString(),
                    tokensBefore,
                    tokensAfter) { Usage = facts.Message.Usage, Model = SpentModel(facts) },
            EntryType.CompactionFailure =>
                new CompactionFailureEntry(id, parent, timestamp, text.ToString(), facts.Message.Usage!, SpentModel(facts)),
            EntryType.Leaf => new LeafEntry(id, parent, timestamp, facts.Target.ToString()),
            EntryType.ExtensionState => new ExtensionStateEntry(id, parent, timestamp, state),
            EntryType.SessionInfo => new SessionInfoEntry(id, parent, timestamp, text.ToString()),
            EntryType.ModelChange => new ModelChangeEntry(id, parent, timestamp, text.ToString()),
            EntryType.ThinkingLevelChange => new ThinkingLevelChangeEntry(id, parent, timestamp, LevelOf(text.ToString())),
            EntryType.Label => new LabelEntry(id, parent, timestamp, text.ToString(), facts.Removes),
            EntryType.ToolResultsCleared => new ToolResultsClearedEntry(id, parent, timestamp, facts.Targets!),
            EntryType.Pin => new PinEntry(id, parent, timestamp, facts.Targets!, facts.Removes),
            _ => new BranchSummaryEntry(id, parent, timestamp, text.ToString()),
        };
    }

    /// <summary>An entry of a later version: its envelope is taken where it has the known form, its content is kept whole.</summary>
    private static UnknownEntry? ReadUnknown(ReadOnlySpan<byte> line, ref JsonCursor json, JsonString tag, bool build, ref EntryFacts facts)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (!json.AtString())
            {
                json.Skip();
            }
            else if (name.Is("id"u8))
            {
                facts.Id = json.ReadString();
            }
            else if (name.Is("parent_id"u8))
            {
                facts.HasParent = json.TryReadString(out facts.ParentId);
            }
            else if (name.Is("timestamp"u8))
            {
                facts.Timestamp = json.ReadString();
            }
            else
            {
                json.Skip();
            }
        }

        json.End();
        return build
            ? new UnknownEntry(
                facts.Id.ToString(),
                facts.HasParent ? facts.ParentId.ToString() : null,
                facts.Timestamp.ToString(),
                tag.ToString(),
                SerdeJson.Parse(line))
            : null;
    }

    private static void WriteIds(Utf8JsonWriter writer, IReadOnlyList<string> ids)
    {
        writer.WriteStartArray("entry_ids"u8);
        foreach (string id in ids)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
    }

    private static List<string> ReadIds(ref JsonCursor json)
    {
        var ids = new List<string>();
        json.BeginArray();
        while (json.NextElement())
        {
            ids.Add(json.ReadString().ToString());
        }

        return ids;
    }

    private static void WriteSpent(Utf8JsonWriter writer, Usage usage, string? model)
    {
        writer.WritePropertyName("usage"u8);
        UsageWire.Write(writer, usage);
        writer.WriteString("model"u8, model);
    }

    /// <summary>What a summary cost. A later opi may mean something else by this key; then the rest of the entry still counts.</summary>
    private static Usage? ReadSpent(ref JsonCursor json)
    {
        JsonCursor value = json;
        json.Skip();
        try
        {
            return UsageWire.Read(ref value);
        }
        catch (WireException)
        {
            return null;
        }
    }

    /// <summary>The model that was paid for; null without usage, or when it is not known.</summary>
    internal static string? SpentModel(EntryFacts facts) =>
        facts.Message.Usage is null || facts.Message.Model.Is("") ? null : facts.Message.Model.ToString();

    private static bool ReadAction(JsonString action, EntryType type) =>
        action.Is("remove"u8) || (action.Is("add"u8)
            ? false
            : throw new WireException($"unknown {(type == EntryType.Label ? "label" : "pin")} action '{action.ToString()}'"));

    /// <summary>The fields that an entry of a type may have, which only Opi writes.</summary>
    private static uint Optional(EntryType type) => type is EntryType.Compaction or EntryType.CompactionFailure ? Spent : 0;

    private static EntryType TypeOf(JsonString tag)
    {
        for (int i = 0; i < TypeNames.Length; i++)
        {
            if (tag.Is(TypeNames[i]))
            {
                return (EntryType)i;
            }
        }

        return EntryType.Unknown;
    }
}
