using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Gemini generateContent. Calls and results belong together by order and name; an id is given only where Gemini gave it. Signatures go
/// back on the part that they came with. Images of a result follow it as parts of their own.
/// </summary>
internal sealed partial class GeminiShape : ProviderShape
{
    private const string ThoughtSignature = "thoughtSignature";

    public override RequestLimits Limits => new()
    {
        TakesThinking = IsGeminis,
        TakesImage = image => image.MediaType != "image/gif" && (image.Base64 is not null || image.IsAt("https", "http", "gs")),
        Images = "PNG, JPEG and WebP, as data or from https:// or gs://",
    };

    public override JsonObject Write(Conversation conversation, string? system)
    {
        var contents = new AlternatingMessages("model", "parts", Text);
        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    contents.AddUser(prompt.Content.Select(Input));
                    break;
                case Answer answer:
                    contents.AddAssistant(Parts(answer));
                    contents.AddUser(answer.Results.Select(result => Result(result, IdOf(answer, result))));
                    contents.AddUser(answer.Results.SelectMany(result => result.Images).Select(Input));
                    break;
            }
        }

        var request = new JsonObject { ["contents"] = contents.ToArray() };
        if (system is not null)
        {
            request["systemInstruction"] = new JsonObject { ["parts"] = new JsonArray(Text(system)) };
        }

        return request;
    }

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        JsonElement[] parts = [.. message.Items("parts")];
        if (message.Is("role", "model"))
        {
            AddParts(reader.BeginAnswer(), parts, streamed: false);
            return;
        }

        var content = new List<IInputContent>();
        foreach (JsonElement part in parts)
        {
            if (part.Object("functionResponse") is { } result)
            {
                reader.AddUser(content);
                content.Clear();
                JsonElement response = result.Get("response") ?? default;
                bool isError = response.Get("error") is not null;
                reader.AddResult(result.Text("id"), result.Text("name"), [.. ReadOutput(response, isError ? "error" : "output", reader)], isError);
            }
            else
            {
                content.AddRange(ReadPart(part, reader));
            }
        }

        reader.AddUser(content);
    }

    private bool IsGeminis(Answer answer) => answer.Message.Api == ModelApi.Google || answer.IsOwn;

    private static IEnumerable<IInputContent> ReadOutput(JsonElement response, string name, RequestReader reader) =>
        response.Get(name) is null
            ? RequestReader.ReadText(response.ValueKind == JsonValueKind.Object ? ReplyJson.Compact(response) : null)
            : response.Items(name).SelectMany(
                item => RequestReader.ReadText(item.ValueKind == JsonValueKind.String ? item.GetString() : ReplyJson.Compact(item)));

    private static IEnumerable<IInputContent> ReadPart(JsonElement part, RequestReader reader) =>
        part.Get("text") is not null ? RequestReader.ReadText(part.Text("text"))
            : part.Object("inlineData") is { } data ? reader.ReadImage(new RequestImage(data.Text("mimeType") ?? "", data.Text("data") ?? "", null))
            : part.Object("fileData") is { } file ? reader.ReadImage(RequestImage.OfUrl(file.Text("fileUri") ?? "", file.Text("mimeType")))
            : reader.LeftOut(part.ValueKind == JsonValueKind.Object ? part.EnumerateObject().FirstOrDefault().Name : null);

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonObject Input(IInputContent block) =>
        block is ImageContent image ? Image(RequestImage.Of(image)) : Text(((TextContent)block).Text);

    private static JsonObject Image(RequestImage image) => image.Url is { } url
        ? new JsonObject { ["fileData"] = new JsonObject { ["mimeType"] = image.MediaType, ["fileUri"] = url } }
        : new JsonObject { ["inlineData"] = new JsonObject { ["mimeType"] = image.MediaType, ["data"] = image.Base64 } };

    /// <summary>The parts of an answer. Thinking without text is the signature of the text before it.</summary>
    private List<JsonObject> Parts(Answer answer)
    {
        var parts = new List<JsonObject>();
        int call = 0;
        foreach (IAssistantContent block in answer.Content)
        {
            switch (block)
            {
                case TextContent text:
                    parts.Add(Text(text.Text));
                    break;
                case ToolCallContent:
                    parts.Add(Call(answer, answer.Results[call++]));
                    break;
                case ThinkingContent { Signature: { } signature, Thinking.Length: 0 }:
                    if (parts.Count == 0 || !parts[^1].ContainsKey("text") || parts[^1].ContainsKey(ThoughtSignature))
                    {
                        parts.Add(Text(""));
                    }

                    parts[^1][ThoughtSignature] = signature;
                    break;
                case ThinkingContent { Signature: { } signature } thinking:
                    parts.Add(new JsonObject { ["text"] = thinking.Thinking, ["thought"] = true, [ThoughtSignature] = signature });
                    break;
            }
        }

        return parts;
    }

    private JsonObject Call(Answer answer, CallResult result)
    {
        JsonObject call = Named(result, IdOf(answer, result));
        call["args"] = Arguments(result.Call);
        var part = new JsonObject { ["functionCall"] = call };
        if (result.Call.Signature is { } signature && IsGeminis(answer))
        {
            part[ThoughtSignature] = signature;
        }

        return part;
    }

    private static JsonObject Result(CallResult result, string? id)
    {
        JsonObject response = Named(result, id);
        string[] texts = [.. result.Texts];
        JsonNode output = texts.Length == 1 ? texts[0] : texts.Length == 0 ? "" : new JsonArray([.. texts]);
        response["response"] = new JsonObject { [result.IsError ? "error" : "output"] = output };
        return new JsonObject { ["functionResponse"] = response };
    }

    private static JsonObject Named(CallResult result, string? id)
    {
        var named = new JsonObject { ["name"] = char.IsAsciiLetter(result.Call.Name[0]) ? result.Call.Name : "_" + result.Call.Name };
        if (id is not null)
        {
            named["id"] = id;
        }

        return named;
    }

    /// <summary>The id that Gemini gave the call; null where none was given, and where another provider gave it.</summary>
    private string? IdOf(Answer answer, CallResult result) =>
        IsGeminis(answer) && result.HasId ? result.Call.Id : null;
}
