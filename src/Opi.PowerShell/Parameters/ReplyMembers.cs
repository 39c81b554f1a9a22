namespace Opi.PowerShell;

/// <summary>The members that distinguish replies of models, their pieces and errors from rows.</summary>
internal static class ReplyMembers
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "choices", "candidates", "promptFeedback", "usageMetadata", "output", "content", "contents", "message", "messages", "type", "object", "error",
        "custom_id", "response", "delta", "done", "messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop",
        "metadata",
    };

    /// <summary>Whether a reply has members of this name.</summary>
    public static bool Contains(string name) => Names.Contains(name);
}
