using System.Text.Json;

namespace Opi;

/// <summary>Why Gemini stopped, or why it did not begin. Some clients write the number of an enumeration for its name.</summary>
internal static class GeminiFinish
{
    public const string Continuation = "CONTINUATION";

    /// <summary>How the error of a prompt begins that was not let through.</summary>
    public const string Blocked = "The prompt was blocked: ";

    /// <summary>The names that have the same number in both of Google's services.</summary>
    private static readonly string[] Reasons = ["FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"];

    private static readonly string[] Blocks = ["BLOCK_REASON_UNSPECIFIED", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT"];

    /// <summary>Why a candidate ended; null when it says nothing.</summary>
    public static string? ReasonOf(JsonElement candidate) => NameOf(candidate, "finishReason", Reasons, "finish reason");

    /// <summary>Why a prompt was blocked; null when it was not.</summary>
    public static string? BlockOf(JsonElement reply) =>
        NameOf(reply.Object("promptFeedback") ?? default, "blockReason", Blocks, "block reason") is { } reason && reason != Blocks[0] ? reason : null;

    private static string? NameOf(JsonElement value, string member, string[] names, string what)
    {
        if (value.Count(member) is { } number)
        {
            return number < names.Length ? names[number] : $"{what} {number}";
        }

        string? text = value.Text(member);
        return text?[(text.LastIndexOf('.') + 1)..]; // Python writes FinishReason.STOP
    }
}
