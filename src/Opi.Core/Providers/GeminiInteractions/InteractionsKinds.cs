namespace Opi;

/// <summary>What becomes of each kind of step of the Interactions API, and of each kind of content in its output.</summary>
internal static class InteractionsKinds
{
    private const string Opaque = "opaque";
    private const string AsItCame = "as it came";
    private const string Paired = "as it came, with its result; alone as text";
    private const string WithCall = "as it came, with its call; alone as text";
    private const string Nothing = "nothing";

    public static readonly IReadOnlyList<BlockKind> All =
    [
        new("text", "text", "with its annotations", "the text"),
        new("image, audio, video, document", Opaque, AsItCame, "[image: type], or [file address]"),
        new("thought", "thinking", "with its signature and summary, to the model that made it", Nothing),
        new("function_call", "call", AsItCame, "the call"),
        new("function_call with its result in the same reply", Opaque, Paired, "[name]"),
        new("function_result of such a call", Opaque, WithCall, "[name: result]"),
        new("code_execution_call", Opaque, Paired, "the code"),
        new("code_execution_result", Opaque, WithCall, "[code run: output]"),
        new("google_search_call, google_maps_call, retrieval_call", Opaque, Paired, "[google_search: queries]"),
        new("google_search_result, google_maps_result, retrieval_result", Opaque, WithCall, Nothing),
        new("url_context_call", Opaque, Paired, "[url_context: addresses]"),
        new("url_context_result", Opaque, WithCall, Nothing),
        new("file_search_call", Opaque, Paired, "[file_search]"),
        new("file_search_result", Opaque, WithCall, Nothing),
        new("mcp_server_tool_call", Opaque, Paired, "[mcp server/tool]"),
        new("mcp_server_tool_result", Opaque, WithCall, "[mcp server/tool: result]"),
        new("processing_call, processing_result", Opaque, "as it came, in pairs; alone as text", Nothing),
        new("any other step or content", Opaque, AsItCame, "[kind]"),
        new("user_input, and every other step that the request had", "no: the session has it", "no", Nothing),
        new("agent, environment_id, previous_interaction_id, errors", "data", "no", Nothing),
    ];
}
