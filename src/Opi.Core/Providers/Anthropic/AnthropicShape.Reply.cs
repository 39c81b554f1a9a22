using System.Text.Json;

namespace Opi;

/// <summary>
/// Anthropic Messages. Its input count excludes the cache, as Opi's does. Blocks that Opi has no type for, for example of tools that
/// run at the provider, are kept whole and go back as they came.
/// </summary>
internal sealed partial class AnthropicShape
{
    public const string ProviderName = "anthropic";

    private const string CacheControl = "cache_control";

    /// <summary>The members of a reply that a message has a member for.</summary>
    private static readonly string[] KnownOfReply =
        ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage", "ResponseMetadata"];

    public override Provider Provider => Provider.Anthropic;

    public override string Name => ProviderName;

    public override string DataName => ProviderName;

    public override IReadOnlyList<BlockKind> Kinds => AnthropicKinds.All;

    public override string LookedFor => "'content', with type 'message'";

    public override string? StreamedText(JsonElement chunk) =>
        chunk.Object("delta") is { } delta && delta.Is("type", "text_delta") ? delta.Text("text") : null;

    public override bool Is(JsonElement reply) => reply.Is("type", "message") && (reply.Is("role", "assistant") || reply.Get("content") is not null);

    public override bool CouldBe(JsonElement reply) => reply.Get("content") is not null;

    public override bool IsEvent(JsonElement chunk) => AnthropicStream.IsEvent(chunk);

    protected override bool IsStart(JsonElement chunk) => chunk.Is("type", "message_start");

    public override JsonElement Assemble(IReadOnlyList<JsonElement> events) => AnthropicStream.Assemble(events);

    public override Reply Read(JsonElement reply)
    {
        var result = new Reply(ProviderName)
        {
            Id = reply.Text("id"),
            Model = reply.Text("model"),
            Billed = AnthropicUsage.Instance.Take(reply),
            MessageData = ExtraMembers.Of(ProviderName, reply, KnownOfReply),
        };
        foreach (JsonElement block in reply.Items("content"))
        {
            AddBlock(result, block);
        }

        Stop(result, reply);
        return result;
    }

    /// <summary>Adds a block of an answer's content, or the text that is its content.</summary>
    private static void AddBlock(Reply result, JsonElement block)
    {
        string? type = block.ValueKind == JsonValueKind.String ? "string" : block.Text("type");
        switch (type)
        {
            case "string":
                result.AddText(block.GetString());
                break;
            case "text":
                result.AddText(block.Text("text"), ExtraMembers.Of(ProviderName, block, "type", "text", CacheControl));
                break;
            case "thinking":
                result.AddThinking(
                    block.Text("thinking"),
                    block.Text("signature"),
                    data: ExtraMembers.Of(ProviderName, block, "type", "thinking", "signature", CacheControl));
                break;
            case "redacted_thinking":
                result.AddThinking(
                    null, encryptedContent: block.Text("data"), data: ExtraMembers.Of(ProviderName, block, "type", "data", CacheControl));
                break;
            case "tool_use":
                result.AddCall(
                    block.Text("id"),
                    block.Text("name"),
                    ReplyJson.Arguments(block.Get("input")),
                    data: ExtraMembers.Of(ProviderName, block, "type", "id", "name", "input", CacheControl));
                break;
            case null:
                result.NotKept(block.ValueKind == JsonValueKind.Object ? "a block without a type" : "a block that is not an object");
                break;
            default:
                result.AddOpaque(type, AnthropicStandIn.Of(block), Raw(block));
                break;
        }
    }

    private static void Stop(Reply result, JsonElement reply)
    {
        switch (reply.Text("stop_reason"))
        {
            case "pause_turn":
                result.Stop(StopReason.PauseTurn);
                break;
            case "compaction":
                result.Stop(StopReason.Compaction);
                break;
            case "refusal":
                JsonElement details = reply.Object("stop_details") ?? default;
                string?[] why = [StandIn.First(details, "category"), StandIn.First(details, "explanation")];
                result.Stop(StopReason.Refusal, string.Join(": ", (string?[])["refusal", .. why.Where(word => word is not null)]));
                break;
            case var reason:
                result.Stop(reason, ["end_turn", "stop_sequence"], ["max_tokens"], ["tool_use"]);
                break;
        }
    }

    /// <summary>A block as it came, without its cache mark: each request places its own.</summary>
    private static ProviderData Raw(JsonElement block) =>
        block.Get(CacheControl) is null
            ? new ProviderData(ProviderName, ReplyJson.Compact(block))
            : new ProviderData(ProviderName, ReplyJson.Compact(ReplyExcerpt.Of(writer =>
            {
                foreach (JsonProperty member in block.EnumerateObject().Where(member => member.Name != CacheControl))
                {
                    ReplyExcerpt.WriteMember(writer, member.Name, member.Value);
                }
            })));
}
