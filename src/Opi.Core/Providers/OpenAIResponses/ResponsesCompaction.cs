using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// The reply of OpenAI's <c>/responses/compact</c>. Its output is the next input as a whole: the user's messages, and an encrypted item for
/// everything else. It is one block, so that nothing of it goes without the rest.
/// </summary>
internal static class ResponsesCompaction
{
    public const string ObjectName = "response.compaction";

    private const string Output = "output";

    public static bool Is(JsonElement reply) => reply.Is("object", ObjectName);

    public static Reply Read(JsonElement reply)
    {
        var result = new Reply(OpenAIResponsesShape.ProviderName)
        {
            Id = reply.Text("id"),
            Model = reply.Text("model"),
            Billed = ResponsesUsage.Instance.Take(reply),
        };
        var block = new JsonObject
        {
            ["type"] = ObjectName,
            [Output] = new JsonArray([.. reply.Items(Output).Select(ProviderJson.Node)]),
        };
        result.AddOpaque(ObjectName, "", ProviderJson.Data(ResponsesItem.DataName, block)!);
        result.Stop(null, [], [], []);
        return result;
    }

    /// <summary>The input that an answer makes of everything before it and of itself; null for an ordinary answer.</summary>
    public static IReadOnlyList<JsonNode>? InputOf(Answer answer) =>
        answer.Content.OfType<OpaqueContent>().FirstOrDefault(block => block.Kind == ObjectName) is { } block
            ? [.. ProviderJson.Read(block.Data).Items(Output).Select(ProviderJson.Node).OfType<JsonNode>()]
            : null;
}
