using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// OpenAI Responses. Its own items go back as they came: reasoning encrypted, before the item that it led to; what ran at the provider
/// whole; messages with their phase.
/// </summary>
internal sealed partial class OpenAIResponsesShape : ProviderShape
{
    /// <summary>Providers that take reasoning back only encrypted.</summary>
    private static readonly string[] Encrypting = ["", ProviderName, "azure"];

    public override RequestLimits Limits => LimitsFor(ProviderName);

    public override RequestLimits LimitsFor(string server) => new()
    {
        TakesThinking = answer => answer.IsOwn && answer.IsSameModel && answer.Content.OfType<ThinkingContent>().Any(CanGoBack),
        ThinkingNeedsNext = true,
        TakesSystem = true,
        TakesDocument = document => document.Source is not null,
    };

    public override JsonObject Write(Conversation conversation, string? system)
    {
        var input = new JsonArray();
        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    input.AddNode(
                        new JsonObject { ["role"] = prompt.IsSystem ? "system" : "user", ["content"] = ResponsesInput.Content(prompt.Content) });
                    break;
                case Answer answer when ResponsesCompaction.InputOf(answer) is { } compacted:
                    input = new JsonArray([.. compacted]);
                    break;
                case Answer answer:
                    bool canSend = SendsAllThinking(answer, conversation.Provider);
                    foreach (JsonNode item in ResponsesAnswer.Write(answer, canSend))
                    {
                        input.Add(item);
                    }

                    break;
            }
        }

        var request = new JsonObject { ["input"] = input };
        if (system is not null)
        {
            request["instructions"] = system;
        }

        return request;
    }

    /// <summary>Whether a tool is strict is always written: the default here is strict, and the provider changes the schema to fit.</summary>
    public override void AddTools(JsonObject request, IReadOnlyList<RequestTool> tools, Conversation conversation)
    {
        var list = new JsonArray();
        foreach (RequestTool tool in tools)
        {
            var written = new JsonObject { ["type"] = "function", ["name"] = tool.Name };
            if (tool.Description is not null)
            {
                written["description"] = tool.Description;
            }

            written["parameters"] = tool.Schema;
            written["strict"] = tool.Strict;
            list.AddNode(written);
        }

        request["tools"] = list;
    }

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        string? type = message.Text("type") ?? (message.Get("role") is not null ? "message" : null);
        switch (type)
        {
            case "message" when message.Is("role", "user"):
                reader.AddUser([.. ResponsesInput.Read(message, "content", reader)]);
                break;
            case "message" when !message.Is("role", "assistant") && reader.HasMessages:
                reader.AddUser([.. ResponsesInput.Read(message, "content", reader)], isSystem: true);
                break;
            case "message" when !message.Is("role", "assistant"):
                reader.LeftOut($"message of the {message.Text("role")}");
                break;
            case "function_call_output" or "custom_tool_call_output":
                reader.AddResult(message.Text("call_id"), null, [.. ResponsesInput.Read(message, "output", reader)], isError: false);
                break;
            case not null when ResponsesClientCall.OfOutput(type) is not null && reader.HasCall(ResponsesClientCall.IdOf(message)):
                reader.AddResult(
                    ResponsesClientCall.IdOf(message), null, [.. ResponsesInput.ReadOutput(message, reader)], isError: message.Is("status", "failed"),
                    ResponsesItem.Whole(message));
                break;
            default:
                ResponsesItem.Add(reader.GoOnAnswer(), message);
                break;
        }
    }

    private static bool CanGoBack(ThinkingContent thinking) => thinking.EncryptedContent is not null || thinking.ProviderData is not null;

    /// <summary>Thinking goes back encrypted. A server that does not encrypt takes its text.</summary>
    private static bool CanGoBack(ThinkingContent thinking, string server) =>
        thinking.EncryptedContent is not null
        || (!Encrypting.Contains(server) && ProviderJson.Read(thinking.ProviderData).Items("content").Any());

    /// <summary>
    /// Whether no thinking of an answer is missing. What followed thinking that is missing is refused where its id says that the provider knows
    /// the thinking too.
    /// </summary>
    private static bool SendsAllThinking(Answer answer, string server)
    {
        IEnumerable<ThinkingContent> made = answer.Message.Content.OfType<ThinkingContent>();
        return !answer.Message.Content.Any(block => block is OpaqueContent { Kind: "reasoning" })
            && made.All(thinking => CanGoBack(thinking, server))
            && made.Count() == answer.Content.Count(block => block is ThinkingContent);
    }
}
