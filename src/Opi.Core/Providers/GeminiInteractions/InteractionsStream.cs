using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Makes a whole reply of the events of a streamed one. Each step begins, grows by deltas, and ends; before May 2026 each content did. The last
/// event has the usage and how it ended, and may have the steps too.
/// </summary>
internal sealed class InteractionsStream
{
    private const string Type = "type";
    private const string Result = "result";

    /// <summary>The step that a delta belongs to, where its beginning is missing. What is not here is a step of the delta's own type.</summary>
    private static readonly Dictionary<string, string> StepOf = new(StringComparer.Ordinal)
    {
        ["text"] = InteractionsStep.Output,
        ["image"] = InteractionsStep.Output,
        ["audio"] = InteractionsStep.Output,
        ["video"] = InteractionsStep.Output,
        ["document"] = InteractionsStep.Output,
        ["text_annotation"] = InteractionsStep.Output,
        ["text_annotation_delta"] = InteractionsStep.Output,
        ["thought_summary"] = InteractionsStep.Thought,
        ["thought_signature"] = InteractionsStep.Thought,
        ["arguments_delta"] = InteractionsStep.Call,
    };

    private readonly SortedDictionary<long, JsonObject> _steps = [];
    private readonly Dictionary<long, StringBuilder> _arguments = [];

    /// <summary>Whether a value is an event of a stream.</summary>
    public static bool IsEvent(JsonElement chunk)
    {
        string? type = chunk.Text("event_type");
        return chunk.Object("interaction") is { } interaction ? type is not null || interaction.Get("status") is not null
            : type switch
            {
                null => false,
                "error" => chunk.Object("error") is not null,
                "step.start" or "content.start" or "step.delta" or "content.delta" or "step.stop" or "content.stop" =>
                    (chunk.Get("index") ?? chunk.Get("delta", Type)) is not null,
                _ => type.StartsWith("interaction.", StringComparison.Ordinal),
            };
    }

    public static JsonElement Assemble(IReadOnlyList<JsonElement> events)
    {
        var reply = new JsonObject { ["object"] = "interaction" };
        var stream = new InteractionsStream();
        JsonElement? usage = null;
        foreach (JsonElement one in events)
        {
            foreach (JsonProperty member in (one.Object("interaction") ?? default) is { ValueKind: JsonValueKind.Object } known
                ? known.EnumerateObject().Where(member => !UsageBill.IsNothing(member.Value)) : [])
            {
                reply[member.Name] = ProviderJson.Node(member.Value);
            }

            if (one.Is("event_type", "interaction.status_update"))
            {
                reply["status"] = one.Text("status");
                reply["id"] ??= one.Text("interaction_id");
            }

            usage = one.Get("metadata", "total_usage") ?? one.Get("usage") ?? usage;
            stream.Add(one);
        }

        if (reply.TextOf("status") is not { } status || InteractionsStatus.IsRunning(status))
        {
            reply["status"] = Reply.CutOff;
        }

        if (reply["steps"] is null && reply["outputs"] is null)
        {
            reply["steps"] = stream.ToSteps();
        }

        if (reply["usage"] is null && usage is { } last)
        {
            reply["usage"] = ProviderJson.Node(last);
        }

        return reply.ToElement();
    }

    private void Add(JsonElement one)
    {
        long index = one.Count("index") ?? (_steps.Count > 0 ? _steps.Keys.Last() : 0);
        switch (one.Text("event_type"))
        {
            case "step.start" or "content.start" when (one.Object("step") ?? one.Object("content")) is { } begun:
                _steps[index] = ExtraMembers.ToObject(begun);
                _arguments.Remove(index);
                break;
            case "step.delta" or "content.delta" when one.Object("delta") is { } delta:
                AddDelta(index, delta);
                break;
        }
    }

    private void AddDelta(long index, JsonElement delta)
    {
        string kind = delta.Text(Type) ?? (delta.Get("text") is not null ? "text" : "");
        if (!_steps.TryGetValue(index, out JsonObject? step))
        {
            _steps[index] = step = new JsonObject { [Type] = StepOf.GetValueOrDefault(kind, kind) };
        }

        bool isOutput = step.TextOf(Type) == InteractionsStep.Output;
        switch (kind)
        {
            case "text" when isOutput:
                AppendText(ListOf(step, "content"), delta);
                break;
            case "text_annotation" or "text_annotation_delta":
                Grow(isOutput ? LastText(ListOf(step, "content")) : step, delta);
                break;
            case "thought_summary":
                AppendText(ListOf(step, "summary"), delta.Object("content") ?? delta);
                break;
            case "arguments_delta":
                if (!_arguments.TryGetValue(index, out StringBuilder? arguments))
                {
                    _arguments[index] = arguments = new StringBuilder();
                }

                arguments.Append(delta.Text("arguments"));
                Grow(step, delta, "arguments");
                break;
            case var other when isOutput && other != InteractionsStep.Output:
                ListOf(step, "content").Add(ProviderJson.Node(delta));
                break;
            default:
                Grow(step, delta);
                break;
        }
    }

    private JsonArray ToSteps()
    {
        foreach ((long index, StringBuilder text) in _arguments.Where(known => !string.IsNullOrWhiteSpace(known.Value.ToString())))
        {
            // Text that is not JSON was cut off, and is kept as it is.
            _steps[index]["arguments"] = ReplyJson.TryParse(text.ToString()) is { } whole ? ProviderJson.Node(whole) : text.ToString();
        }

        return new JsonArray([.. _steps.Values]);
    }

    private static JsonArray ListOf(JsonObject step, string name)
    {
        if (step[name] is not JsonArray list)
        {
            JsonNode? only = step[name]?.DeepClone();
            step[name] = list = only is null ? [] : new JsonArray(only); // a list of one may be its item
        }

        return list;
    }

    private static JsonObject LastText(JsonArray content)
    {
        if (content.OfType<JsonObject>().LastOrDefault(item => item.TextOf(Type) == "text") is not { } text)
        {
            content.AddNode(text = new JsonObject { [Type] = "text", ["text"] = "" });
        }

        return text;
    }

    /// <summary>Adds a piece of a text to the text at the end, or something else as it is.</summary>
    private static void AppendText(JsonArray list, JsonElement piece)
    {
        if (piece.Get("text") is { ValueKind: JsonValueKind.String } && list.LastOrDefault() is JsonObject last && last.TextOf(Type) == "text")
        {
            last["text"] = last.TextOf("text") + piece.Text("text");
            Grow(last, piece, "text");
        }
        else
        {
            JsonObject item = ExtraMembers.ToObject(piece);
            if (item.ContainsKey("text"))
            {
                item[Type] = "text";
            }

            list.AddNode(item);
        }
    }

    /// <summary>Adds the members of a delta to what it belongs to: lists, texts and results grow, objects get more members.</summary>
    private static void Grow(JsonObject into, JsonElement delta, params string[] but)
    {
        foreach (JsonProperty member in delta.EnumerateObject().Where(
            member => member.Name != Type && !but.Contains(member.Name) && !IsEmpty(member.Value)))
        {
            switch (into[member.Name], ProviderJson.Node(member.Value))
            {
                case (JsonArray known, JsonArray more):
                    foreach (JsonNode? item in more)
                    {
                        known.Add(item?.DeepClone());
                    }

                    break;
                case (JsonObject known, JsonObject more):
                    foreach ((string name, JsonNode? value) in more)
                    {
                        known[name] = value?.DeepClone();
                    }

                    break;
                case (JsonValue known, JsonValue more) when member.Name is Result or "text" && known.TryGetValue(out string? before)
                    && more.TryGetValue(out string? after):
                    into[member.Name] = before + after;
                    break;
                case (_, var value):
                    into[member.Name] = value;
                    break;
            }
        }
    }

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""));
}
