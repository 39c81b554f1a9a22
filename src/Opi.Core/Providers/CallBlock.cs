using System.Text.Json;

namespace Opi;

/// <summary>A block of a reply that calls a tool, given alone. It is read as what it is: the only block of a reply.</summary>
internal static class CallBlock
{
    private const string Function = "function";

    /// <summary>A reply that has nothing but the block; null when it is of no shape that is known.</summary>
    public static JsonElement? ReplyOf(JsonElement block)
    {
        if (block.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? type = block.Get("type") is { ValueKind: JsonValueKind.String } name ? JsonHalves.TextOf(name) : null;
        string? reply =
            block.Get("$type") is not null ? $$"""{"responseId":"","messages":[{"role":"assistant","contents":[{{Raw(block)}}]}]}"""
            : type == "tool_use" ? $$"""{"type":"message","role":"assistant","content":[{{Raw(block)}}]}"""
            : type is not null && type.EndsWith("_call", StringComparison.Ordinal) && type != "mcp_call"
                ? $$"""{"object":"response","status":"completed","output":[{{Raw(block)}}]}"""
            : block.Object("functionCall") is not null || block.Object("function_call") is not null ? Gemini(Raw(block))
            : block.Object("toolUse") is not null ? Bedrock(Raw(block))
            : block.Get("toolUseId") is not null ? Bedrock("{\"toolUse\":" + Raw(block) + "}")
            : block.Object(Function) is not null || block.Object("custom") is not null
                ? $$$"""{"choices":[{"message":{"role":"assistant","tool_calls":[{{{Raw(block)}}}]}}]}"""
            : block.Get("name") is not null && block.Get("args") is not null ? Gemini("{\"functionCall\":" + Raw(block) + "}")
            : null;
        return reply is null ? null : ReplyJson.TryParse(reply);

        static string Gemini(string part) => $$"""{"candidates":[{"content":{"role":"model","parts":[{{part}}]},"finishReason":"STOP"}]}""";

        static string Bedrock(string part) => $$$"""{"output":{"message":{"role":"assistant","content":[{{{part}}}]}},"stopReason":"tool_use"}""";
    }

    private static string Raw(JsonElement value) => value.GetRawText();
}
