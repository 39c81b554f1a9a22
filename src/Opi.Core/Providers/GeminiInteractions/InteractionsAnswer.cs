using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Writes answers as the steps that they came as. Texts and media that follow each other are one step of output.</summary>
internal sealed class InteractionsAnswer
{
    private readonly JsonArray _steps;
    private readonly List<JsonObject> _ran = [];

    /// <param name="steps">The steps of the request, to which the answers are added.</param>
    public InteractionsAnswer(JsonArray steps) => _steps = steps;

    public void Add(Answer answer)
    {
        int call = 0;
        foreach (IAssistantContent block in answer.Content)
        {
            switch (block)
            {
                case TextContent text:
                    AddContent(ExtraMembers.Merge(InteractionsInput.Text(text.Text), text.ProviderData));
                    break;
                case ThinkingContent { ProviderData.Shape: InteractionsStep.DataName } thinking:
                    _steps.AddNode(Thought(thinking));
                    break;
                case ToolCallContent:
                    _steps.AddNode(Call(answer.Results[call++].Call));
                    break;
                case OpaqueContent opaque when ExtraMembers.Read(opaque.Data) is { Count: > 0 } raw:
                    if (InteractionsStep.ContentIn(raw) is { } content)
                    {
                        foreach (JsonNode? item in content)
                        {
                            AddContent(item!.DeepClone());
                        }
                    }
                    else
                    {
                        _steps.AddNode(raw);
                        _ran.Add(raw);
                    }

                    break;
            }
        }
    }

    /// <summary>Replaces what a tool at the provider was asked, or what it gave, by a text where the other half is missing.</summary>
    /// <returns>How many there were.</returns>
    public int MendHalves()
    {
        var open = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var halves = new List<JsonObject>();
        foreach (JsonObject step in _ran)
        {
            if ((step.TextOf("call_id") ?? step.TextOf("tool_call_id")) is { } of)
            {
                if (!open.Remove(of))
                {
                    halves.Add(step);
                }
            }
            else if (step.TextOf("id") is { } id && step.TextOf("type")!.EndsWith("_call", StringComparison.Ordinal) && !open.TryAdd(id, step))
            {
                halves.Add(step);
            }
        }

        halves.AddRange(open.Values);
        foreach (JsonObject half in halves)
        {
            string kind = half.TextOf("type")!;
            string standIn = InteractionsStandIn.Of(kind, half.ToElement());
            _steps[_steps.IndexOf(half)] = Output(InteractionsInput.Text(standIn.Length > 0 ? standIn : $"[{kind}]"));
        }

        return halves.Count;
    }

    /// <summary>Makes one step of outputs that follow each other.</summary>
    public void JoinOutputs()
    {
        for (int at = _steps.Count - 1; at > 0; at--)
        {
            if (ContentOf(at) is { } later && ContentOf(at - 1) is { } content)
            {
                foreach (JsonNode? item in later)
                {
                    content.Add(item!.DeepClone());
                }

                _steps.RemoveAt(at);
            }
        }
    }

    private JsonArray? ContentOf(int at) => InteractionsStep.ContentIn((JsonObject)_steps[at]!);

    private void AddContent(JsonNode content) => _steps.AddNode(Output(content));

    private static JsonObject Output(JsonNode content) => new() { ["type"] = InteractionsStep.Output, ["content"] = new JsonArray(content) };

    /// <summary>The summary as it came where it was more than one text.</summary>
    private static JsonObject Thought(ThinkingContent thinking)
    {
        var step = new JsonObject { ["type"] = InteractionsStep.Thought };
        if (thinking.Signature is { } signature)
        {
            step["signature"] = signature;
        }

        ExtraMembers.Merge(step, thinking.ProviderData);
        if (!step.ContainsKey("summary") && thinking.Thinking.Length > 0)
        {
            step["summary"] = new JsonArray(InteractionsInput.Text(thinking.Thinking));
        }

        return step;
    }

    private static JsonObject Call(ToolCallContent call)
    {
        var step = new JsonObject
        {
            ["type"] = InteractionsStep.Call,
            ["id"] = call.Id,
            ["name"] = GeminiShape.TakenName(call.Name),
            ["arguments"] = ProviderShape.Arguments(call),
        };
        return ExtraMembers.Merge(step, call.ProviderData);
    }
}
