using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>The arguments of a call that come in pieces: each names its place by a JSON path, and texts may go on in the next piece.</summary>
internal sealed class GeminiArguments
{
    private readonly JsonObject _root;

    /// <param name="args">The arguments that the call came with; null for none.</param>
    public GeminiArguments(JsonElement? args) =>
        _root = args is { ValueKind: JsonValueKind.Object } given ? ExtraMembers.ToObject(given, int.MaxValue) : [];

    /// <summary>Adds the pieces of one part.</summary>
    /// <returns>False when one could not be placed.</returns>
    public bool Add(IEnumerable<JsonElement> pieces)
    {
        bool isPlaced = true;
        foreach (JsonElement piece in pieces)
        {
            isPlaced &= Add(piece);
        }

        return isPlaced;
    }

    public override string ToString() => ReplyJson.Compact(_root.ToElement());

    private bool Add(JsonElement piece)
    {
        JsonElement? value = piece.Get("stringValue") ?? piece.Get("numberValue") ?? piece.Get("boolValue");
        bool isNull = value is null && piece.ValueKind == JsonValueKind.Object && piece.TryGetProperty("nullValue", out _);
        if ((value is null && !isNull) || Steps(piece.Text("jsonPath") ?? "") is not { Count: > 0 } steps)
        {
            return false;
        }

        JsonNode parent = _root;
        for (int i = 0; i < steps.Count - 1; i++)
        {
            JsonNode? next = Get(parent, steps[i]);
            if (next is not (JsonObject or JsonArray))
            {
                next = steps[i + 1] is int ? new JsonArray() : new JsonObject();
                if (!Set(parent, steps[i], next))
                {
                    return false;
                }
            }

            parent = next;
        }

        string? before = Get(parent, steps[^1]) is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : null;
        JsonNode? node = isNull ? null
            : value is { ValueKind: JsonValueKind.String } more ? JsonValue.Create(before + more.GetString())
            : JsonValue.Create(value!.Value);
        return Set(parent, steps[^1], node);
    }

    private static JsonNode? Get(JsonNode parent, object step) => (parent, step) switch
    {
        (JsonObject members, string name) => members[name],
        (JsonArray items, int at) when at < items.Count => items[at],
        _ => null,
    };

    private static bool Set(JsonNode parent, object step, JsonNode? value)
    {
        switch (parent, step)
        {
            case (JsonObject members, string name):
                members[name] = value;
                return true;
            case (JsonArray items, int at) when at <= items.Count:
                if (at == items.Count)
                {
                    items.Add(value);
                }
                else
                {
                    items[at] = value;
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>The names and places of a path such as <c>$.a[0]['b c']</c>; empty when it is not a path.</summary>
    private static List<object> Steps(string path)
    {
        var steps = new List<object>();
        int at = path.StartsWith('$') ? 1 : 0;
        while (at < path.Length)
        {
            if (path[at] == '[')
            {
                int end = path.IndexOf(']', at);
                if (end < 0)
                {
                    return [];
                }

                string inner = path[(at + 1)..end];
                steps.Add(int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : inner.Trim('\'', '"'));
                at = end + 1;
            }
            else
            {
                int start = path[at] == '.' ? at + 1 : at;
                int end = path.IndexOfAny(['.', '['], start);
                end = end < 0 ? path.Length : end;
                if (end == start)
                {
                    return [];
                }

                steps.Add(path[start..end]);
                at = end;
            }
        }

        return steps;
    }
}
