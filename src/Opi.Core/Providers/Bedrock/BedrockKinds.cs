namespace Opi;

/// <summary>What becomes of each kind of Bedrock's blocks.</summary>
internal static class BedrockKinds
{
    private const string Opaque = "opaque";
    private const string AsItCame = "as it came";
    private const string Nothing = "nothing";

    public static readonly IReadOnlyList<BlockKind> All =
    [
        new("text", "text", AsItCame, "the text"),
        new("reasoningContent", "thinking", "signed or redacted, to the model that made it", Nothing),
        new("citationsContent", "text", AsItCame, "the cited text"),
        new("toolUse", "call", "with its result in the next message", "the call"),
        new("toolUse with type server_tool_use", Opaque, "as it came, with its result; alone as text", "[tool: query]"),
        new("toolResult", "result", "as it came", "the result"),
        new("toolResult in an answer", Opaque, "as it came, with its call; alone as text", "[tool result: text]"),
        new("image", "image", "of the user's as bytes or from S3; the model's as it came", "the image, or [image: type]"),
        new("document", "document", "with a name of its own, beside a text; with citations or a context as it came", "the text or [document: name]"),
        new("audio", Opaque, AsItCame, "[audio: format]"),
        new("video", Opaque, AsItCame, "[video: format]"),
        new("searchResult", Opaque, AsItCame, "[source: title address] and its text"),
        new("guardContent", Opaque, AsItCame, "its text"),
        new("toolAddition", Opaque, AsItCame, Nothing),
        new("toolRemoval", Opaque, AsItCame, Nothing),
        new("any other", Opaque, AsItCame, "[kind]"),
        new("additionalModelResponseFields", "data", "no", Nothing),
        new("cachePoint", "no", "where RequestOptions.Cache places it", Nothing),
    ];
}
