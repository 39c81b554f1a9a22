using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>What the framework does with nodes by a serializer, which compiled code may lack and which refuses deep values.</summary>
internal static class JsonNodes
{
    public static void AddNode(this JsonArray array, JsonNode? node) => array.Add(node);

    /// <summary>The node as an element that does not change.</summary>
    public static JsonElement ToElement(this JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
        {
            node.WriteTo(writer);
        }

        return SerdeJson.Parse(buffer.WrittenSpan);
    }
}
