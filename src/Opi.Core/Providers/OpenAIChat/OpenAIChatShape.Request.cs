using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// OpenAI Chat Completions and the servers that speak it. Content is one text, which all of them take; parts only where there is more than
/// text. Images of a result follow the results as the user's. OpenAI has no place for thinking; other servers require theirs back, each in its own
/// form.
/// </summary>
internal sealed partial class OpenAIChatShape : ProviderShape
{
    /// <summary>The text between results and the user's next message, for servers that require an answer there.</summary>
    private const string AfterResults = "(The results above were not answered.)";

    private const string ImagesAbove = "Images of the tool results above:";
    private const string FilesAbove = "Files of the tool results above:";

    public override RequestLimits Limits => LimitsFor(ProviderName);

    public override IReadOnlyList<BlockKind> Kinds => ChatKinds.All;

    public override RequestLimits LimitsFor(string server)
    {
        ChatServer known = ChatServer.Of(server);
        return new RequestLimits
        {
            LongestId = 40,
            MakeId = known.MakesNineLetterIds ? ChatServer.NineLetters : null,
            TakesSystem = known.TakesSystem,
            TakesDocument = known.Takes,
            TakesThinking = answer => known.Thinking != ChatThinking.None && answer.IsOwn && answer.IsSameModel,
        };
    }

    public override JsonObject Write(Conversation conversation, string? system)
    {
        ChatServer server = ChatServer.Of(conversation.Provider);
        var messages = new JsonArray();
        if (system is not null)
        {
            messages.AddNode(new JsonObject { ["role"] = "system", ["content"] = system });
        }

        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    AddPrompt(prompt.IsSystem ? "system" : "user", prompt.Content);
                    break;
                case Answer answer when ChatAnswer.Write(answer, server, conversation.Options.TimeProvider) is { } message:
                    messages.AddNode(message);
                    foreach (CallResult result in answer.Results)
                    {
                        messages.AddNode(ChatAnswer.Result(result, answer.Results.Length == 1));
                    }

                    IInputContent[] rest = [.. answer.Results.SelectMany(result => result.Content).Where(block => block is not TextContent)];
                    if (rest.Length > 0)
                    {
                        AddPrompt("user", [new TextContent(rest.All(block => block is ImageContent) ? ImagesAbove : FilesAbove), .. rest]);
                    }

                    break;
            }
        }

        return new JsonObject { ["messages"] = messages };

        void AddPrompt(string role, IReadOnlyList<IInputContent> content)
        {
            if (server.NeedsAnswerToResults && messages is [.., JsonObject last] && (string?)last["role"] == "tool")
            {
                messages.AddNode(new JsonObject { ["role"] = "assistant", ["content"] = AfterResults });
            }

            messages.AddNode(new JsonObject { ["role"] = role, ["content"] = Content(content, server) });
        }
    }

    public override void AddTools(JsonObject request, IReadOnlyList<RequestTool> tools, Conversation conversation) =>
        request["tools"] = new JsonArray([.. tools.Select(tool => tool.ToFunction(withStrict: true))]);

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        switch (message.Text("role"))
        {
            case "assistant" when message.Is("content", AfterResults):
                break;
            case "assistant":
                ChatMessage.Add(reader.BeginAnswer(), message);
                break;
            case "tool" or "function":
                reader.AddResult(message.Text("tool_call_id"), message.Text("name"), [.. ReadContent(message, reader)], isError: false);
                break;
            case "user":
                reader.AddUser([.. ReadContent(message, reader)]);
                break;
            case "system" or "developer" when reader.HasMessages:
                reader.AddUser([.. ReadContent(message, reader)], isSystem: true);
                break;
            case var role:
                reader.LeftOut($"message of the {role}");
                break;
        }
    }

    private static IEnumerable<IInputContent> ReadContent(JsonElement message, RequestReader reader) => message.Items("content").SelectMany(part =>
        part.ValueKind == JsonValueKind.String ? RequestReader.ReadText(part.GetString())
            : part.Text("type") switch
            {
                "text" => RequestReader.ReadText(part.Text("text")),
                "image_url" => ReadImage(part, reader),
                "file" when part.Object("file")?.Text("file_data") is { } data => [Document(data, part.Object("file")?.Text("filename"))],
                "document_url" when part.Text("document_url") is { } url => [Document(url, part.Text("document_name"))],
                null => reader.LeftOut(null),
                var type => [new OpaqueContent(type, $"[{type}]", new ProviderData(ChatMessage.DataName, part.GetRawText()))],
            });

    private static IEnumerable<IInputContent> ReadImage(JsonElement part, RequestReader reader)
    {
        string? detail = part.Object("image_url")?.Text("detail") ?? part.Text("detail");
        return reader.ReadImage(RequestImage.OfUrl(part.Object("image_url")?.Text("url") ?? part.Text("image_url") ?? ""))
            .Select(block => block is ImageContent image ? image with { Detail = detail } : block);
    }

    private static DocumentContent Document(string url, string? name)
    {
        RequestImage file = RequestImage.OfUrl(url, "application/pdf");
        ImageSource source = file.Base64 is { } data ? ImageSource.FromBase64(data) : ImageSource.FromUrl(url);
        return new DocumentContent(file.MediaType, source, null) { Name = name };
    }

    private static JsonNode Content(IReadOnlyList<IInputContent> content, ChatServer server) =>
        content.Any(block => block is not TextContent) ? new JsonArray([.. content.Select(block => Part(block, server))]) : Join(Texts(content));

    private static JsonNode? Part(IInputContent block, ChatServer server)
    {
        switch (block)
        {
            case ImageContent image:
                var url = new JsonObject { ["url"] = RequestImage.Of(image).AnyUrl };
                if (image.Detail is { } detail)
                {
                    url["detail"] = detail;
                }

                return new JsonObject { ["type"] = "image_url", ["image_url"] = url };
            case DocumentContent { Source: { } source } document:
                string file = RequestImage.Of(source, document.MediaType).AnyUrl;
                return server.Documents == ChatDocuments.DocumentUrl
                    ? new JsonObject { ["type"] = "document_url", ["document_url"] = file }
                    : new JsonObject
                    {
                        ["type"] = "file",
                        ["file"] = new JsonObject { ["filename"] = document.Name ?? "document.pdf", ["file_data"] = file },
                    };
            case OpaqueContent opaque:
                return ProviderJson.Node(ProviderJson.Read(opaque.Data));
            default:
                return new JsonObject { ["type"] = "text", ["text"] = block is TextContent text ? text.Text : block.ToString() };
        }
    }
}
