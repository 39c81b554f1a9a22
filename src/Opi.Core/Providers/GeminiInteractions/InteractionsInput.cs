using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>The content of a prompt or of a result, as steps of a request have it.</summary>
internal static class InteractionsInput
{
    /// <summary>The documents that are taken; others with a text go as their text.</summary>
    private static readonly string[] Documents =
    [
        "application/pdf", "text/csv", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
    ];

    private static readonly string[] Schemes = ["https", "http", "gs"];

    public static bool Takes(RequestImage image) => image.Base64 is not null || image.IsAt(Schemes);

    public static bool Takes(RequestDocument document) =>
        Documents.Contains(document.MediaType) && (document.AnyBase64 is not null || document.IsAt(Schemes));

    /// <summary>The content of a user's step.</summary>
    public static JsonArray Content(IEnumerable<IInputContent> content) => new([.. content.Select(Part)]);

    /// <summary>What a tool gave: one text as it is, anything else in parts.</summary>
    public static JsonNode Result(IReadOnlyList<IInputContent> content) => content switch
    {
        [] => "",
        [TextContent { ProviderData: null } only] => only.Text,
        _ => Content(content),
    };

    public static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    /// <summary>The content of a member: a text, or parts.</summary>
    public static IEnumerable<IInputContent> Read(JsonElement holder, string name, RequestReader reader) =>
        holder.Items(name).SelectMany(part => ReadPart(part, reader));

    public static IEnumerable<IInputContent> ReadPart(JsonElement part, RequestReader reader)
    {
        if (part.ValueKind == JsonValueKind.String)
        {
            return RequestReader.ReadText(part.GetString());
        }

        string? kind = part.Text("type") ?? (part.Get("text") is not null ? "text" : null);
        bool isPlain = ExtraMembers.Of(InteractionsStep.DataName, part, "type", "data", "uri", "mime_type") is null;
        switch (kind)
        {
            case null:
                return reader.LeftOut(null);
            case "text":
                return RequestReader.ReadText(part.Text("text")).Cast<TextContent>().Select(
                    text => text with { ProviderData = ExtraMembers.Of(InteractionsStep.DataName, part, "type", "text") });
            case "image" when isPlain && OfImage(part) is { } image && ImageContent.MediaTypes.Contains(image.MediaType):
                return reader.ReadImage(image);
            case "document" when isPlain && OfDocument(part) is { } document && Documents.Contains(document.MediaType):
                return [document.ToContent(null)];
            default:
                return [new OpaqueContent(kind, InteractionsStandIn.Of(kind, part), InteractionsStep.Whole(part))];
        }
    }

    private static RequestImage? OfImage(JsonElement part) =>
        part.Text("data") is { } data ? new RequestImage(part.Text("mime_type") ?? "image/png", data, null)
            : part.Text("uri") is { } uri ? RequestImage.OfUrl(uri, part.Text("mime_type"))
            : null;

    private static RequestDocument? OfDocument(JsonElement part) =>
        part.Text("mime_type") is not { } type ? null
            : part.Text("data") is { } data ? RequestDocument.OfBytes(type, data)
            : part.Text("uri") is { } uri ? new RequestDocument(type, null, null, uri)
            : null;

    private static JsonNode Part(IInputContent block) => block switch
    {
        ImageContent image when RequestImage.Of(image) is var asked => Media("image", asked.MediaType, asked.Base64, asked.Url),
        DocumentContent document when RequestDocument.Of(document) is var asked => Media("document", asked.MediaType, asked.AnyBase64, asked.Url),
        OpaqueContent opaque => ExtraMembers.Read(opaque.Data),
        TextContent text => ExtraMembers.Merge(Text(text.Text), text.ProviderData?.Shape == InteractionsStep.DataName ? text.ProviderData : null),
        _ => Text(block.ToString()!),
    };

    private static JsonObject Media(string kind, string mediaType, string? base64, string? url)
    {
        var media = new JsonObject { ["type"] = kind };
        if (url is not null)
        {
            media["uri"] = url;
        }
        else
        {
            media["data"] = base64;
        }

        media["mime_type"] = mediaType;
        return media;
    }
}
