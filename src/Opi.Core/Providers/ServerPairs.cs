using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Keeps the calls of the provider's own tools with their results: both are in one answer, and half a pair is refused. A call may wait at
/// the end of the request, or before a call of the client in its answer: then the result comes later. Every other half becomes a text.
/// </summary>
/// <param name="assistant">What the provider calls the assistant.</param>
/// <param name="content">What it calls the content of a message.</param>
/// <param name="pairOf">The id of a block that is half of a pair, and whether it is the call; null for other blocks.</param>
/// <param name="isWhole">Whether the provider takes the block as it is.</param>
/// <param name="isClientCall">Whether a block is a call for the client.</param>
/// <param name="standIn">The text that replaces a half.</param>
internal sealed class ServerPairs(
    string assistant,
    string content,
    Func<JsonObject, (string Id, bool IsCall)?> pairOf,
    Func<JsonObject, bool> isWhole,
    Func<JsonObject, bool> isClientCall,
    Func<JsonObject, JsonObject> standIn)
{
    private readonly List<(string Id, JsonArray Blocks, int At)> _open = [];

    /// <summary>Replaces every half.</summary>
    /// <returns>How many there were.</returns>
    public int Mend(JsonArray messages)
    {
        int mended = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i] is JsonObject message && (string?)message["role"] == assistant && message[content] is JsonArray blocks)
            {
                mended += MendAnswer(blocks);
                if (i < messages.Count - 1 && !blocks.OfType<JsonObject>().Any(isClientCall))
                {
                    mended += Close();
                }
            }
        }

        return mended;
    }

    private int MendAnswer(JsonArray blocks)
    {
        int mended = 0;
        for (int at = 0; at < blocks.Count; at++)
        {
            var block = (JsonObject)blocks[at]!;
            if (pairOf(block) is not { } half)
            {
                continue;
            }

            if (!isWhole(block))
            {
                blocks[at] = standIn(block);
                mended++;
            }
            else if (half.IsCall)
            {
                _open.Add((half.Id, blocks, at));
            }
            else if (_open.FindIndex(open => open.Id == half.Id) is >= 0 and var call)
            {
                _open.RemoveAt(call);
            }
            else
            {
                blocks[at] = standIn(block);
                mended++;
            }
        }

        return mended;
    }

    /// <summary>No result of the open calls can come any more.</summary>
    private int Close()
    {
        foreach ((_, JsonArray blocks, int at) in _open)
        {
            blocks[at] = standIn((JsonObject)blocks[at]!);
        }

        int closed = _open.Count;
        _open.Clear();
        return closed;
    }
}
