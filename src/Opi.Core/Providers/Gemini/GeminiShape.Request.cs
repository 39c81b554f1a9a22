using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Gemini generateContent. Calls and results belong together by order and name; an id is given only where Gemini gave it. Signatures go
/// back on the part that they came with, and only to the model that made them. Images of a result are parts of it from Gemini 3 on; before,
/// they follow it.
/// </summary>
internal sealed partial class GeminiShape : ProviderShape
{
    /// <summary>The signature that Google documents for a call of another model, where the server requires one.</summary>
    public const string NoSignature = "skip_thought_signature_validator";

    private const string Signature = GeminiParts.Signature;
    private const string FunctionResponse = "functionResponse";
    private const string Pdf = "application/pdf";
    public const int LongestToolName = 64;

    public override RequestLimits Limits => new()
    {
        LongestName = LongestToolName,
        TakesInName = c => c is '.' or ':',
        TakesSystem = true,
        TakesThinking = answer => answer.IsOwn && answer.IsSameModel,
        TakesImage = image => image.MediaType != "image/gif" && (image.Base64 is not null || image.IsAt("https", "http", "gs")),
        TakesDocument = document => RequestDocument.Of(document) is var asked
            && (asked.Text is not null || (IsDocument(asked.MediaType) && (asked.Base64 is not null || asked.IsAt("https", "http", "gs")))),
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
                    contents.AddUser(prompt.AsUser.Select(Input));
                    break;
                case Answer answer:
                    contents.AddAssistant(Parts(answer, conversation.Model));
                    contents.AddUser(answer.Results.Select(result => Result(result, IdOf(answer, result), conversation.Model)));
                    if (!GeminiModel.IsThree(conversation.Model))
                    {
                        contents.AddUser(answer.Results.SelectMany(MediaOf).Select(Input));
                    }

                    break;
            }
        }

        JsonArray list = contents.ToArray();
        conversation.WarnOfHalves(Pairs.Mend(list), "part");

        var request = new JsonObject { ["contents"] = list };
        if (system is not null)
        {
            request["systemInstruction"] = new JsonObject { ["parts"] = new JsonArray(Text(system)) };
        }

        if (conversation.Steps is [.., Answer { IsOwn: true, Message.StopReason: StopReason.PauseTurn } last]
            && ExtraMembers.Read(last.Message.ProviderData).TextOf(ContinuationToken) is { } token)
        {
            request[ContinuationToken] = token;
        }

        return request;
    }

    public override string ToolName(string name, Conversation conversation) => TakenName(conversation.ToolName(name));

    public override void AddTools(JsonObject request, IReadOnlyList<RequestTool> tools, Conversation conversation)
    {
        var declarations = new JsonArray();
        foreach (RequestTool tool in tools)
        {
            JsonObject declaration = tool.Named(schema: null);
            GeminiSchema.AddTo(declaration, tool.Schema);
            declarations.AddNode(declaration);
        }

        request["tools"] = new JsonArray(new JsonObject { ["functionDeclarations"] = declarations });
    }

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        JsonElement[] parts = [.. message.Items("parts").Select(GeminiNames.Normal)];
        if (message.Is("role", "model"))
        {
            var answer = new GeminiParts(reader.BeginAnswer(), isStreamed: false);
            answer.Add(parts);
            answer.End();
            return;
        }

        bool isSystem = message.Is("role", "system");
        var content = new List<IInputContent>();
        foreach (JsonElement part in parts)
        {
            if (part.Object(FunctionResponse) is { } result)
            {
                reader.AddUser([.. content], isSystem);
                content.Clear();
                ReadResult(result, reader);
            }
            else
            {
                content.AddRange(ReadPart(part, reader));
            }
        }

        reader.AddUser(content, isSystem);
    }

    private static void ReadResult(JsonElement result, RequestReader reader)
    {
        JsonElement response = result.Get("response") ?? default;
        bool isError = response.Get("error") is not null;
        JsonProperty[] members = response.ValueKind == JsonValueKind.Object ? [.. response.EnumerateObject()] : [];
        bool isText = members is [{ Name: "output" or "error" or "result" } only] && IsText(only.Value);
        bool isPlain = isText && members[0].Name != "result";
        string[] known = isPlain || members.Length == 0 ? ["id", "name", "parts", "response"] : ["id", "name", "parts"];
        reader.AddResult(
            result.Text("id"),
            result.Text("name"),
            [
                .. isText
                    ? ((JsonElement?)members[0].Value).Items().SelectMany(item => RequestReader.ReadText(item.GetString()))
                    : RequestReader.ReadText(members.Length > 0 ? ReplyJson.Compact(response) : null),
                .. result.Items("parts").SelectMany(part => ReadPart(part, reader)),
            ],
            isError,
            ExtraMembers.Of(ProviderName, result, known));

        static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String
            || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String));
    }

    private static IEnumerable<IInputContent> ReadPart(JsonElement part, RequestReader reader)
    {
        if (part.ValueKind == JsonValueKind.String)
        {
            return RequestReader.ReadText(part.GetString());
        }

        string? kind = GeminiParts.KindOf(part);
        JsonElement data = kind is null ? default : part.Get(kind)!.Value;
        string type = data.ValueKind == JsonValueKind.Object ? data.Text("mimeType") ?? "" : "";
        bool isPlain = kind is not null && ExtraMembers.Of(ProviderName, part, kind) is null;
        switch (kind)
        {
            case null:
                return reader.LeftOut(null);
            case "text":
                return RequestReader.ReadText(part.Text("text")).Cast<TextContent>().Select(
                    text => text with { ProviderData = ExtraMembers.Of(ProviderName, part, "text") });
            case "inlineData" when isPlain && ExtraMembers.Of(ProviderName, data, "mimeType", "data") is null:
                string bytes = data.Text("data") ?? "";
                if (ImageContent.MediaTypes.Contains(type))
                {
                    return reader.ReadImage(new RequestImage(type, bytes, null));
                }

                if (IsDocument(type))
                {
                    return [RequestDocument.OfBytes(type, bytes).ToContent(null)];
                }

                break;
            case "fileData" when isPlain && ExtraMembers.Of(ProviderName, data, "mimeType", "fileUri") is null:
                string uri = data.Text("fileUri") ?? "";
                if (ImageContent.MediaTypes.Contains(type))
                {
                    return reader.ReadImage(RequestImage.OfUrl(uri, type));
                }

                if (IsDocument(type))
                {
                    return [new RequestDocument(type, null, null, uri).ToContent(null)];
                }

                break;
        }

        return [new OpaqueContent(kind, GeminiStandIn.Of(kind, data), GeminiParts.Raw(part))];
    }

    private static bool IsDocument(string mediaType) => mediaType == Pdf || mediaType.StartsWith("text/", StringComparison.Ordinal);

    private static ServerPairs Pairs => new(
        "model",
        "parts",
        part => part["toolCall"] is JsonObject call ? (call.TextOf("id") ?? "", true)
            : part["toolResponse"] is JsonObject response ? (response.TextOf("id") ?? "", false)
            : null,
        _ => true,
        part => part.ContainsKey(GeminiParts.Call),
        part => Text(HalfOf(part)));

    private static string HalfOf(JsonObject part)
    {
        string kind = part.ContainsKey("toolCall") ? "toolCall" : "toolResponse";
        string standIn = GeminiStandIn.Of(kind, part[kind]!.ToElement());
        return standIn.Length > 0 ? standIn : $"[{kind}]";
    }

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonObject Input(IInputContent block) => block switch
    {
        ImageContent image => Image(RequestImage.Of(image)),
        DocumentContent document => Document(RequestDocument.Of(document)),
        OpaqueContent opaque => ExtraMembers.Read(opaque.Data),
        TextContent text => ExtraMembers.Merge(Text(text.Text), text.ProviderData?.Shape == ProviderName ? text.ProviderData : null),
        _ => Text(block.ToString()!),
    };

    private static JsonObject Image(RequestImage image) => Media(image.MediaType, image.Base64, image.Url);

    private static JsonObject Document(RequestDocument document) => Media(document.MediaType, document.AnyBase64, document.Url);

    private static JsonObject Media(string mediaType, string? base64, string? url) => url is not null
        ? new JsonObject { ["fileData"] = new JsonObject { ["mimeType"] = mediaType, ["fileUri"] = url } }
        : new JsonObject { ["inlineData"] = new JsonObject { ["mimeType"] = mediaType, ["data"] = base64 } };

    /// <summary>The parts of an answer. Thinking without text is a part that has nothing but its signature.</summary>
    private static List<JsonObject> Parts(Answer answer, string model)
    {
        var parts = new List<JsonObject>();
        bool takes = answer.IsOwn && answer.IsSameModel;
        bool isUnsigned = takes
            ? GeminiModel.IsThree(model) && answer.Results.All(result => result.Call.Signature is null)
            : !GeminiModel.IsEarlier(model);
        int call = 0;
        foreach (IAssistantContent block in answer.Content)
        {
            switch (block)
            {
                case TextContent text:
                    AddText(text);
                    break;
                case ToolCallContent:
                    parts.Add(Call(answer, answer.Results[call], takes, isUnsigned && call == 0));
                    call++;
                    break;
                case ThinkingContent { Signature: { } signature } thinking:
                    JsonObject thought = Text(thinking.Thinking);
                    if (thinking.Thinking.Length > 0)
                    {
                        thought[GeminiParts.Thought] = true;
                    }

                    ExtraMembers.Merge(thought, thinking.ProviderData)[Signature] = signature;
                    parts.Add(thought);
                    break;
                case OpaqueContent opaque when ExtraMembers.Read(opaque.Data) is { Count: > 0 } raw:
                    if (!takes)
                    {
                        raw.Remove(Signature);
                    }

                    parts.Add(raw);
                    break;
            }
        }

        return parts;

        void AddText(TextContent text)
        {
            JsonObject part = ExtraMembers.Merge(Text(text.Text), text.ProviderData);
            if (!takes)
            {
                part.Remove(Signature);
            }

            if (!string.IsNullOrWhiteSpace(text.Text) || part.ContainsKey(Signature))
            {
                parts.Add(part);
            }
        }
    }

    private static JsonObject Call(Answer answer, CallResult result, bool takesSignature, bool isUnsigned)
    {
        JsonObject call = Named(result, IdOf(answer, result));
        call["args"] = Arguments(result.Call);
        JsonObject more = ExtraMembers.Read(result.Call.ProviderData);
        foreach ((string name, JsonNode? value) in more[GeminiParts.Call] as JsonObject ?? [])
        {
            call[name] = value?.DeepClone();
        }

        var part = new JsonObject { [GeminiParts.Call] = call };
        ExtraMembers.Merge(part, result.Call.ProviderData);
        if (takesSignature && result.Call.Signature is { } signature)
        {
            part[Signature] = signature;
        }
        else if (isUnsigned)
        {
            part[Signature] = NoSignature;
        }

        return part;
    }

    private static JsonObject Result(CallResult result, string? id, string model)
    {
        JsonObject response = Named(result, id);
        ExtraMembers.Merge(response, result.ProviderData);
        if (response["response"] is not JsonObject)
        {
            string[] texts = [.. result.Texts];
            JsonNode output = texts.Length == 1 ? texts[0] : texts.Length == 0 ? "" : new JsonArray([.. texts]);
            response["response"] = new JsonObject { [result.IsError ? "error" : "output"] = output };
        }

        if (GeminiModel.IsThree(model) && MediaOf(result).Select(Input).ToArray() is { Length: > 0 } media)
        {
            response["parts"] = new JsonArray([.. media]);
        }

        return new JsonObject { [FunctionResponse] = response };
    }

    /// <summary>What of a result is not text.</summary>
    private static IEnumerable<IInputContent> MediaOf(CallResult result) => result.Content.Where(block => block is not TextContent);

    private static JsonObject Named(CallResult result, string? id)
    {
        var named = new JsonObject { ["name"] = TakenName(result.Call.Name) };
        if (id is not null)
        {
            named["id"] = id;
        }

        return named;
    }

    /// <summary>A name begins with a letter or an underscore.</summary>
    public static string TakenName(string name)
    {
        string taken = char.IsAsciiLetter(name[0]) || name[0] == '_' ? name : "_" + name;
        return taken[..Math.Min(taken.Length, LongestToolName)];
    }

    /// <summary>The id that Gemini gave the call; null where none was given, and where another provider gave it.</summary>
    private static string? IdOf(Answer answer, CallResult result) => answer.IsOwn && result.HasId ? result.Call.Id : null;
}
