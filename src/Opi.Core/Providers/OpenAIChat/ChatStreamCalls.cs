using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// The calls of a streamed reply. A piece belongs to the call with its index; without an index, to the call with its id; without either, to the last
/// one. Some servers repeat id and name in each piece, and some give each call the same index.
/// </summary>
internal sealed class ChatStreamCalls
{
    private readonly List<(long? Index, JsonObject Call)> _calls = [];

    public void Add(IEnumerable<JsonElement> pieces)
    {
        foreach (JsonElement piece in pieces.Where(piece => piece.ValueKind == JsonValueKind.Object))
        {
            JsonObject call = Find(piece);
            foreach (JsonProperty member in piece.EnumerateObject().Where(member => member.Name != "index" && !ProviderJson.IsZero(member.Value)))
            {
                if (member.Name is "function" or "custom" && member.Value.ValueKind == JsonValueKind.Object)
                {
                    AddTo(call, member.Name, member.Value);
                }
                else
                {
                    call[member.Name] = ProviderJson.Node(member.Value);
                }
            }
        }
    }

    public JsonArray ToArray() =>
        [.. _calls.OrderBy(call => call.Index ?? long.MaxValue).Select(call => call.Call)];

    private JsonObject Find(JsonElement piece)
    {
        long? index = piece.Count("index");
        string? id = piece.Text("id") is { Length: > 0 } named ? named : null;
        int found = index is not null ? _calls.FindLastIndex(call => call.Index == index)
            : id is not null ? _calls.FindLastIndex(call => (string?)call.Call["id"] == id)
            : _calls.Count - 1;
        bool isOther = found >= 0 && id is not null && (string?)_calls[found].Call["id"] is { } known && known != id
            && (piece.Get("function") ?? piece.Get("custom"))?.Text("name") is { Length: > 0 };
        if (found < 0 || isOther)
        {
            _calls.Add((index, []));
            found = _calls.Count - 1;
        }

        return _calls[found].Call;
    }

    private static void AddTo(JsonObject call, string name, JsonElement piece)
    {
        if (call[name] is not JsonObject function)
        {
            call[name] = function = [];
        }

        foreach (JsonProperty member in piece.EnumerateObject().Where(member => !ProviderJson.IsZero(member.Value)))
        {
            string? known = function[member.Name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
            string more = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
            function[member.Name] = member.Name switch
            {
                "name" => known == more ? known : known + more,
                "arguments" or "input" => known + more,
                _ => ProviderJson.Node(member.Value),
            };
        }
    }
}
