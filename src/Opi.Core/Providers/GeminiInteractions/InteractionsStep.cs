using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Reads a step of an interaction: of a reply, or of a request. Replies before May 2026 have a list of outputs in place of the steps, in which
/// texts and media stand for themselves. What a step is not known to be is kept whole.
/// </summary>
internal static class InteractionsStep
{
    public const string DataName = "gemini-interactions";
    public const string Output = "model_output";
    public const string UserInput = "user_input";
    public const string Thought = "thought";
    public const string Call = "function_call";
    public const string Result = "function_result";

    /// <summary>Steps that no other API has an item or a message of.</summary>
    private static readonly string[] Own =
    [
        Output, UserInput, Thought, Result, "code_execution_call", "code_execution_result", "google_search_call", "google_search_result",
        "google_maps_call", "google_maps_result", "retrieval_call", "retrieval_result", "url_context_call", "url_context_result",
        "file_search_result", "mcp_server_tool_call", "mcp_server_tool_result", "processing_call", "processing_result",
    ];

    private static readonly string[] Contents = ["text", "image", "audio", "video", "document"];

    /// <summary>Whether a value is a step by what it says of itself.</summary>
    public static bool Is(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && (Own.Contains(value.Text("type")) || (value.Is("type", Call) && value.Object("arguments") is not null && value.Get("call_id") is null));

    /// <summary>Whether a value is content that may stand in an input without a step around it.</summary>
    public static bool IsContent(JsonElement value) => value.ValueKind == JsonValueKind.Object && Contents.Contains(value.Text("type"));

    /// <summary>The steps of a reply, or its outputs.</summary>
    public static IEnumerable<JsonElement> OfReply(JsonElement reply) =>
        reply.Items("steps").Any() ? reply.Items("steps") : reply.Items("outputs");

    /// <summary>The id of the call that a step is the result of; null when it is none.</summary>
    public static string? CallIdOf(JsonElement step) => step.Text("call_id") ?? step.Text("tool_call_id");

    /// <summary>
    /// Adds what the model and its tools did. Steps up to the user's last input are the request's, and so are results of calls that the reply
    /// does not have; a call with its result was run at the provider.
    /// </summary>
    public static void AddAll(Reply result, IEnumerable<JsonElement> steps)
    {
        JsonElement[] all = [.. steps];
        JsonElement[] made = all[(Array.FindLastIndex(all, step => step.Is("type", UserInput)) + 1)..];
        HashSet<string> answered = [.. made.Where(step => step.Is("type", Result)).Select(CallIdOf).OfType<string>()];
        answered.IntersectWith(made.Where(step => step.Is("type", Call)).Select(step => step.Text("id")).OfType<string>());
        foreach (JsonElement step in made)
        {
            Add(result, step, answered);
        }
    }

    /// <summary>Adds one step.</summary>
    /// <param name="result">What it is added to.</param>
    /// <param name="step">The step.</param>
    /// <param name="answered">The ids of calls that were run at the provider.</param>
    public static void Add(Reply result, JsonElement step, IReadOnlySet<string> answered)
    {
        switch (step.Text("type"))
        {
            case Output:
                AddOutput(result, step);
                break;
            case Thought:
                AddThought(result, step);
                break;
            case Call when step.Text("id") is not { } id || !answered.Contains(id):
                result.AddCall(
                    step.Text("id"),
                    step.Text("name"),
                    ReplyJson.Arguments(step.Get("arguments")),
                    data: Data(ProviderJson.Except(step, "type", "id", "name", "arguments")));
                break;
            case Result when CallIdOf(step) is not { } call || !answered.Contains(call):
                break; // of a call that the request had
            case null or "text" or "image" or "audio" or "video" or "document":
                AddContent(result, step);
                break;
            case { } type:
                result.AddOpaque(type, InteractionsStandIn.Of(type, step), Whole(step));
                break;
        }
    }

    public static ProviderData Whole(JsonElement value) => new(DataName, ReplyJson.Compact(value));

    /// <summary>The content that an opaque block holds in a step of output; null when the block is a step of its own.</summary>
    public static JsonArray? ContentIn(JsonObject raw) =>
        raw.TextOf("type") == Output && raw.Count == 2 && raw["content"] is JsonArray content ? content : null;

    private static void AddOutput(Reply result, JsonElement step)
    {
        JsonObject beside = ProviderJson.Except(step, "type", "content", "error");
        if (beside.Count > 0)
        {
            var more = new JsonObject { ["type"] = Output };
            ProviderJson.Merge(more, beside.ToElement());
            result.AddOpaque(Output, "", Data(more)!);
        }

        foreach (JsonElement content in step.Items("content"))
        {
            AddContent(result, content);
        }
    }

    private static void AddContent(Reply result, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            result.AddText(JsonHalves.TextOf(content));
        }
        else if (content.Is("type", "text") || (content.Get("type") is null && content.Get("text") is not null))
        {
            result.AddText(content.Text("text"), Data(ProviderJson.Except(content, "type", "text")));
        }
        else
        {
            string kind = content.Text("type") ?? "content";
            var step = new JsonObject { ["type"] = Output, ["content"] = new JsonArray(ProviderJson.Node(content)) };
            result.AddOpaque(kind, InteractionsStandIn.Of(kind, content), Data(step)!);
        }
    }

    /// <summary>Thinking always has data of this API: its signature means nothing to generateContent, though the provider is the same.</summary>
    private static void AddThought(Reply result, JsonElement step)
    {
        JsonElement[] summary = [.. step.Items("summary")];
        string text = string.Join("\n\n", summary.Select(part => part.ValueKind == JsonValueKind.String ? JsonHalves.TextOf(part) : part.Text("text"))
            .Where(part => !string.IsNullOrEmpty(part)));
        JsonObject data = ProviderJson.Except(step, "type", "signature", "summary");
        if (text.Length == 0 && string.IsNullOrEmpty(step.Text("signature")) && summary.Length == 0 && data.Count == 0)
        {
            return;
        }

        data["type"] = Thought;
        if (summary.Length > 1 || summary.Any(part => !part.Is("type", "text") || ProviderJson.Except(part, "type", "text").Count > 0))
        {
            data["summary"] = ProviderJson.Node(step.Get("summary")!.Value);
        }

        result.AddThinking(text, step.Text("signature"), data: Data(data));
    }

    private static ProviderData? Data(JsonObject members) => ProviderJson.Data(DataName, members);
}
