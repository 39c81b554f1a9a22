using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>The content of a prompt or of a result, as items of a request have it.</summary>
internal static class ResponsesInput
{
    /// <summary>One text as it is, anything else in parts.</summary>
    public static JsonNode Content(IReadOnlyList<IInputContent> content) => content switch
    {
        [] => "",
        [TextContent only] => only.Text,
        _ => new JsonArray([.. content.Select(Part)]),
    };

    /// <summary>The content of a member: a text, or parts.</summary>
    public static IEnumerable<IInputContent> Read(JsonElement holder, string name, RequestReader reader) =>
        holder.Items(name).SelectMany(
            part => part.ValueKind == JsonValueKind.String ? RequestReader.ReadText(part.GetString()) : ReadPart(part, reader));

    /// <summary>The result of a call of a special kind, in words and images; the item itself is kept too.</summary>
    public static IEnumerable<IInputContent> ReadOutput(JsonElement item, RequestReader reader)
    {
        if (item.Object("output")?.Text("image_url") is { } url)
        {
            return reader.ReadImage(RequestImage.OfUrl(url));
        }

        if (item.Get("approve") is { } approve)
        {
            string reason = item.Text("reason") is { Length: > 0 } why ? $": {why}" : "";
            return [new TextContent((approve.ValueKind == JsonValueKind.True ? "approved" : "denied") + reason)];
        }

        string text = string.Join('\n', item.Items("output").Select(piece => piece.ValueKind == JsonValueKind.String
            ? piece.GetString()
            : piece.Get("stdout") is null && piece.Get("stderr") is null ? piece.GetRawText() : piece.Text("stdout") + piece.Text("stderr")));
        return RequestReader.ReadText(text.Length > 0 ? text : item.Get("tools")?.GetRawText());
    }

    private static IEnumerable<IInputContent> ReadPart(JsonElement part, RequestReader reader)
    {
        switch (part.Text("type"))
        {
            case "input_text" or "output_text" or "text":
                return RequestReader.ReadText(part.Text("text"));
            case "input_image" when part.Text("image_url") is { } url:
                return reader.ReadImage(RequestImage.OfUrl(url)).Select(block => block is ImageContent image && part.Text("detail") is { } detail
                    and not "auto" ? image with { Detail = detail } : block);
            case "input_file" when (part.Text("file_data") ?? part.Text("file_url")) is { } file:
                RequestImage source = RequestImage.OfUrl(file, "application/pdf");
                return
                [
                    new DocumentContent(source.MediaType, source.Base64 is { } data ? ImageSource.FromBase64(data) : ImageSource.FromUrl(file), null)
                    {
                        Name = part.Text("filename"),
                    },
                ];
            case null:
                return reader.LeftOut(null);
            case var type:
                return [new OpaqueContent(type, $"[{type}]", ResponsesItem.Whole(part))];
        }
    }

    private static JsonNode? Part(IInputContent block)
    {
        switch (block)
        {
            case ImageContent image:
                return new JsonObject
                {
                    ["type"] = "input_image",
                    ["image_url"] = RequestImage.Of(image).AnyUrl,
                    ["detail"] = image.Detail ?? "auto",
                };
            case DocumentContent { Source: { } source } document:
                RequestImage file = RequestImage.Of(source, document.MediaType);
                return file.Base64 is null
                    ? new JsonObject { ["type"] = "input_file", ["file_url"] = file.Url }
                    : new JsonObject { ["type"] = "input_file", ["filename"] = document.Name ?? "document.pdf", ["file_data"] = file.AnyUrl };
            case OpaqueContent opaque:
                return ProviderJson.Node(ProviderJson.Read(opaque.Data));
            default:
                return new JsonObject { ["type"] = "input_text", ["text"] = block is TextContent text ? text.Text : block.ToString() };
        }
    }
}
