using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Amazon Bedrock Converse. What it counts as input leaves out the cache, as Opi does. The reply names no model, and its id is in the
/// HTTP headers; tools that put them into <c>ResponseMetadata</c> are heard. What ran at Bedrock is kept whole and never a call of the script.
/// </summary>
internal sealed partial class BedrockShape
{
    public const string ProviderName = "bedrock";

    private const string ServerToolUse = "server_tool_use";
    private const string ToolUse = "toolUse";
    private const string ToolResult = "toolResult";
    private const string Reasoning = "reasoningContent";
    private const string Citations = "citationsContent";
    private const string ExtraFields = "additionalModelResponseFields";

    /// <summary>boto3 gives a list of the events here.</summary>
    private const string Stream = "stream";

    public override Provider Provider => Provider.Bedrock;

    public override string Name => ProviderName;

    public override string DataName => ProviderName;

    public override IReadOnlyList<BlockKind> Kinds => BedrockKinds.All;

    public override string LookedFor => "'output.message', or events such as 'messageStart'";

    public override string? StreamedText(JsonElement chunk) =>
        BedrockNames.EventIn(chunk) is ({ } name, { } data) && name == BedrockNames.BlockDelta ? data.Object("delta")?.Text("text") : null;

    public override bool Is(JsonElement reply) =>
        BedrockNames.Normal(reply) is var value
            && (value.Object("output")?.Object("message") is not null || value.Items(Stream).Any(item => BedrockNames.EventIn(item) is not null));

    public override bool IsEvent(JsonElement chunk) => BedrockNames.EventIn(chunk) is not null;

    protected override bool IsStart(JsonElement chunk) => BedrockNames.EventIn(chunk)?.Name == BedrockNames.MessageStart;

    public override JsonElement Assemble(IReadOnlyList<JsonElement> events) => BedrockStream.Assemble(events);

    public override Reply Read(JsonElement reply)
    {
        JsonElement whole = BedrockNames.Normal(reply);
        JsonElement read = whole.Object("output") is null && whole.Get(Stream) is not null ? BedrockStream.Assemble(whole.Items(Stream)) : whole;
        var result = new Reply(ProviderName)
        {
            Id = whole.Object("ResponseMetadata")?.Text("RequestId") ?? whole.Object("$metadata")?.Text("requestId"),
            Billed = BedrockUsage.Instance.Take(read),
            MessageData = read.Get(ExtraFields) is { } fields ? Raw(ExtraFields, fields) : null,
        };
        JsonElement[] blocks = [.. read.Object("output")?.Object("message")?.Items(Content) ?? []];
        AddBlocks(result, blocks);
        Stop(result, read.Text("stopReason"), blocks);
        return result;
    }

    private static void AddBlocks(Reply result, IReadOnlyList<JsonElement> blocks)
    {
        foreach (JsonElement block in blocks)
        {
            AddBlock(result, block, blocks);
        }
    }

    private static void AddBlock(Reply result, JsonElement block, IReadOnlyList<JsonElement> all)
    {
        if (block.ValueKind == JsonValueKind.String)
        {
            result.AddText(block.GetString());
            return;
        }

        JsonProperty[] members = block.ValueKind == JsonValueKind.Object
            ? [.. block.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null)]
            : [];
        if (members.Length == 0)
        {
            result.NotKept("an empty block");
            return;
        }

        foreach ((string kind, JsonElement data) in members.Select(member => (member.Name, member.Value)))
        {
            switch (kind)
            {
                case "text":
                    result.AddText(block.Text(kind));
                    break;
                case Reasoning:
                    AddReasoning(result, data);
                    break;
                case Citations when CitedText(data) is { Length: > 0 } text:
                    result.AddText(text, Raw(kind, data));
                    break;
                case ToolUse when !IsOfServer(data, all):
                    result.AddCall(
                        data.Text("toolUseId"),
                        data.Text("name"),
                        ReplyJson.Arguments(data.Get("input")),
                        data: ExtraMembers.Of(ProviderName, data, "toolUseId", "name", "input"));
                    break;
                case "SDK_UNKNOWN_MEMBER":
                    result.NotKept($"{data.Text("name")}, which the SDK did not read");
                    break;
                case ToolUse when data.Get("type") is null:
                    result.AddOpaque(kind, BedrockStandIn.Of(kind, data), OfServer(data));
                    break;
                default:
                    result.AddOpaque(kind, BedrockStandIn.Of(kind, data), Raw(kind, data));
                    break;
            }
        }
    }

    private static void AddReasoning(Reply result, JsonElement reasoning)
    {
        JsonElement thinking = reasoning.Object("reasoningText") ?? default;
        string? redacted = reasoning.Text("redactedContent");
        bool isKnown = thinking.ValueKind == JsonValueKind.Object || redacted is not null;
        if (isKnown)
        {
            result.AddThinking(thinking.Text("text"), thinking.Text("signature"), redacted);
        }
        else
        {
            result.AddOpaque(Reasoning, "", Raw(Reasoning, reasoning));
        }
    }

    /// <summary>A call that says so itself, or whose result is in the same message, ran at Bedrock.</summary>
    private static bool IsOfServer(JsonElement call, IReadOnlyList<JsonElement> all) =>
        call.Is("type", ServerToolUse) || (call.Text("toolUseId") is { } id && HasResult(all, id));

    private static bool HasResult(IEnumerable<JsonElement> blocks, string id) =>
        blocks.Any(block => block.Object(ToolResult)?.Text("toolUseId") == id);

    private static string CitedText(JsonElement cited) =>
        string.Concat(cited.Items(Content).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : StandIn.First(item, "text")));

    private static ProviderData Raw(string kind, JsonElement data) =>
        new(ProviderName, ReplyJson.Compact(ReplyExcerpt.Of(writer => ReplyExcerpt.WriteMember(writer, kind, data))));

    /// <summary>
    /// A call that does not say who ran it, and whose result is in the same message, is marked as run at Bedrock when it goes back.
    /// </summary>
    private static ProviderData OfServer(JsonElement call) =>
        new(ProviderName, ReplyJson.Compact(new JsonObject
        {
            [ToolUse] = ExtraMembers.Merge(ExtraMembers.ToObject(call), new ProviderData(ProviderName, $$"""{"type":"{{ServerToolUse}}"}""")),
        }.ToElement()));

    /// <summary>
    /// If only Bedrock's own tools were called, the client has nothing to do: the answer is done, or continues when it is asked again.
    /// </summary>
    private static void Stop(Reply result, string? reason, JsonElement[] blocks)
    {
        JsonElement[] calls = [.. blocks.Select(block => block.Object(ToolUse)).OfType<JsonElement>()];
        bool isOfServer = calls.Length > 0 && calls.All(call => IsOfServer(call, blocks));
        if (reason == "tool_use" && isOfServer)
        {
            bool isDone = calls.All(call => HasResult(blocks, call.Text("toolUseId") ?? ""));
            result.Stop(isDone ? StopReason.Stop : StopReason.PauseTurn);
            return;
        }

        result.Stop(reason, ["end_turn", "stop_sequence"], ["max_tokens"], ["tool_use"]);
    }
}
