using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Gemini's Interactions API. The input is the list of all steps, as a request without <c>previous_interaction_id</c> has it. Thoughts go back
/// with their signatures to the model that made them; what ran at Google goes back as it came.
/// </summary>
internal sealed partial class GeminiInteractionsShape : ProviderShape
{
    /// <summary>In a request no call is known to have been run at the provider.</summary>
    private static readonly IReadOnlySet<string> NoneAnswered = new HashSet<string>();

    public override RequestLimits Limits => new()
    {
        LongestName = GeminiShape.LongestToolName,
        TakesInName = c => c is '.' or ':',
        TakesThinking = answer => answer.IsOwn && answer.IsSameModel,
        TakesImage = InteractionsInput.Takes,
        TakesDocument = document => InteractionsInput.Takes(RequestDocument.Of(document)),
        Images = "images as data or from https:// or gs://",
    };

    public override JsonObject Write(Conversation conversation, string? system)
    {
        var steps = new JsonArray();
        var answers = new InteractionsAnswer(steps);
        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    steps.AddNode(User(InteractionsInput.Content(prompt.AsUser)));
                    break;
                case Answer answer:
                    answers.Add(answer);
                    foreach (CallResult result in answer.Results)
                    {
                        steps.AddNode(Result(result));
                    }

                    break;
            }
        }

        conversation.WarnOfHalves(answers.MendHalves(), "step");
        answers.JoinOutputs();
        if (steps is [JsonObject first, ..] && first.TextOf("type") != InteractionsStep.UserInput)
        {
            steps.Insert(0, User(new JsonArray(InteractionsInput.Text(AlternatingMessages.Opening))));
        }

        var request = new JsonObject { ["input"] = steps };
        if (system is not null)
        {
            request["system_instruction"] = system;
        }

        return request;
    }

    public override string ToolName(string name, Conversation conversation) => GeminiShape.TakenName(conversation.ToolName(name));

    public override void AddTools(JsonObject request, IReadOnlyList<RequestTool> tools, Conversation conversation)
    {
        var list = new JsonArray();
        foreach (RequestTool tool in tools)
        {
            var written = new JsonObject { ["type"] = "function" };
            ProviderJson.Merge(written, tool.Named("parameters").ToElement());
            list.AddNode(written);
        }

        request["tools"] = list;
    }

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        string? type = message.Text("type");
        if (type == InteractionsStep.Result)
        {
            ReadResult(message, reader);
        }
        else if (type == InteractionsStep.UserInput || (type is null && !message.Is("role", "model")))
        {
            reader.AddUser([.. InteractionsInput.Read(message, "content", reader)], isSystem: message.Is("role", "system"));
        }
        else if (InteractionsStep.IsContent(message))
        {
            reader.AddUser([.. InteractionsInput.ReadPart(message, reader)]);
        }
        else if (type is null)
        {
            foreach (JsonElement content in message.Items("content")) // a turn, as requests before May 2026 had it
            {
                InteractionsStep.Add(reader.GoOnAnswer(), content, NoneAnswered);
            }
        }
        else
        {
            InteractionsStep.Add(reader.GoOnAnswer(), message, NoneAnswered);
        }
    }

    private static JsonObject User(JsonArray content) => new() { ["type"] = InteractionsStep.UserInput, ["content"] = content };

    private static void ReadResult(JsonElement step, RequestReader reader)
    {
        JsonElement? result = step.Get("result");
        bool isObject = result is { ValueKind: JsonValueKind.Object } made && made.Get("type") is null;
        string[] known = ["type", "call_id", "tool_call_id", "name", "is_error", .. isObject ? Array.Empty<string>() : ["result"]];
        reader.AddResult(
            InteractionsStep.CallIdOf(step),
            step.Text("name"),
            isObject ? [new TextContent(ReplyJson.Compact(result!.Value))] : [.. InteractionsInput.Read(step, "result", reader)],
            step.Get("is_error") is { ValueKind: JsonValueKind.True },
            ExtraMembers.Of(InteractionsStep.DataName, step, known));
    }

    private static JsonObject Result(CallResult result)
    {
        var step = new JsonObject
        {
            ["type"] = InteractionsStep.Result,
            ["call_id"] = result.Call.Id,
            ["name"] = GeminiShape.TakenName(result.Call.Name),
        };
        if (result.IsError)
        {
            step["is_error"] = true;
        }

        ExtraMembers.Merge(step, result.ProviderData);
        if (!step.ContainsKey("result"))
        {
            step["result"] = InteractionsInput.Result(result.Content);
        }

        return step;
    }
}
