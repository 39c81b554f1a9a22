namespace Opi;

/// <summary>What becomes of each kind of Gemini's parts.</summary>
internal static class GeminiKinds
{
    private const string Opaque = "opaque";
    private const string AsItCame = "as it came";
    private const string Nothing = "nothing";

    public static readonly IReadOnlyList<BlockKind> All =
    [
        new("text", "text", "with its signature, to the model that made it", "the text"),
        new("text with thought", "thinking", "when signed, to the model that made it", Nothing),
        new("functionCall", "call", "with its id and signature; another model's with " + GeminiShape.NoSignature, "the call"),
        new("functionResponse", "result", "as it came", "the result"),
        new("toolCall", Opaque, "as it came, with its response; alone as text", "[google_search_web: query]"),
        new("toolResponse", Opaque, "as it came, with its call; alone as text", Nothing),
        new("executableCode", Opaque, AsItCame, "the code"),
        new("codeExecutionResult", Opaque, AsItCame, "[code run: output]"),
        new("inlineData", "image", "of the user's as an image or a document; the model's, sound and video as it came", "the image, or [image: type]"),
        new("fileData", "image", "of the user's as an image or a document; the model's, sound and video as it came", "the image, or [file address]"),
        new("any other", Opaque, AsItCame, "[kind]"),
        new("groundingMetadata, urlContextMetadata, citationMetadata", "data", "no", Nothing),
        new("continuationToken", "data", "in the next request, when the answer is not done", Nothing),
        new("candidates beside the first", "no", "no", Nothing),
    ];
}
