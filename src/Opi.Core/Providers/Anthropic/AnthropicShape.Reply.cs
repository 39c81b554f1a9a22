using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Anthropic Messages. What it counts as input leaves out the cache, as Opi does. Tools that run at the provider have no
/// place in a message and are left out.
/// </summary>
internal sealed partial class AnthropicShape
{
    public const string ProviderName = "anthropic";

    public override Provider Provider => Provider.Anthropic;

    public override string Name => ProviderName;

    public override string DataName => "anthropic";

    public override string LookedFor => "'content', with type 'message'";

    private static readonly string[] Events =
        ["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop", "ping"];

    public override bool Is(JsonElement reply) => reply.Is("type", "message") && (reply.Is("role", "assistant") || reply.Get("content") is not null);

    public override bool CouldBe(JsonElement reply) => reply.Get("content") is not null;

    public override bool IsEvent(JsonElement chunk) =>
        chunk.Get("type") is { ValueKind: JsonValueKind.String } type && Events.Contains(type.GetString());

    public override Reply Read(JsonElement reply)
    {
        var result = new Reply(ProviderName) { Id = reply.Text("id"), Model = reply.Text("model"), Billed = AnthropicUsage.Instance.Take(reply) };
        foreach (JsonElement block in reply.Items("content"))
        {
            AddBlock(result, block);
        }

        result.Stop(reply.Text("stop_reason"), ["end_turn", "stop_sequence", "pause_turn"], ["max_tokens", Reply.WindowExceeded], ["tool_use"]);
        return result;
    }

    /// <summary>Adds a block of an answer's content, or the text that is its content.</summary>
    public static void AddBlock(Reply result, JsonElement block)
    {
        switch (block.ValueKind == JsonValueKind.String ? "string" : block.Text("type"))
        {
            case "string":
                result.AddText(block.GetString());
                break;
            case "text":
                result.AddText(block.Text("text"));
                break;
            case "thinking":
                result.AddThinking(block.Text("thinking"), block.Text("signature"));
                break;
            case "redacted_thinking":
                result.AddThinking(null, encryptedContent: block.Text("data"));
                break;
            case "tool_use":
                result.AddCall(block.Text("id"), block.Text("name"), ReplyJson.Arguments(block.Get("input")));
                break;
        }
    }

    /// <summary>The events of a stream as the whole reply.</summary>
    public override JsonElement Assemble(IReadOnlyList<JsonElement> events)
    {
        var message = new JsonObject { ["type"] = "message", ["role"] = "assistant" };
        var usage = new JsonObject();
        var blocks = new SortedDictionary<long, JsonObject>();
        var inputs = new Dictionary<long, string>();
        string? stop = null;
        JsonElement? container = null;
        foreach (JsonElement item in events)
        {
            long index = item.Count("index") ?? 0;
            switch (item.Text("type"))
            {
                case "message_start" when item.Object("message") is { } start:
                    message["id"] = start.Text("id");
                    message["model"] = start.Text("model");
                    container = start.Get("container") ?? container;
                    Overlay(usage, start.Object("usage"));
                    break;
                case "content_block_start" when item.Object("content_block") is { } block:
                    blocks[index] = JsonObject.Create(block)!;
                    break;
                case "content_block_delta" when item.Object("delta") is { } delta && blocks.TryGetValue(index, out JsonObject? grown):
                    inputs[index] = inputs.GetValueOrDefault(index, "") + delta.Text("partial_json");
                    Append(grown, "text", delta);
                    Append(grown, "thinking", delta);
                    Append(grown, "signature", delta);
                    break;
                case "message_delta":
                    stop = item.Get("delta")?.Text("stop_reason") ?? stop;
                    container = item.Get("delta")?.Get("container") ?? container;
                    Overlay(usage, item.Object("usage"));
                    break;
            }
        }

        foreach ((long index, string input) in inputs.Where(input => input.Value.Length > 0))
        {
            blocks[index]["input"] = input; // as the model wrote it, and whole only where the stream was
        }

        message["content"] = new JsonArray([.. blocks.Values]);
        message["stop_reason"] = stop ?? Reply.CutOff;
        message["usage"] = usage.Count > 0 ? usage : null;
        message["container"] = container is { } given ? JsonNode.Parse(given.GetRawText()) : null;
        return JsonSerializer.SerializeToElement(message);
    }

    private static void Append(JsonObject block, string name, JsonElement delta)
    {
        if (delta.Text(name) is { } more)
        {
            block[name] = (string?)block[name] + more;
        }
    }

    /// <summary>Later counts are sums and take the place of earlier ones.</summary>
    private static void Overlay(JsonObject usage, JsonElement? later)
    {
        if (later is { } counts)
        {
            foreach (JsonProperty count in counts.EnumerateObject().Where(count => count.Value.ValueKind != JsonValueKind.Null))
            {
                usage[count.Name] = JsonNode.Parse(count.Value.GetRawText());
            }
        }
    }
}
