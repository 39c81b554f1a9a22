using System.Management.Automation;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>
/// Takes tool calls: the blocks that replies of providers and SDKs have, as they are, or tables and objects with Id, Name and Arguments. What would
/// lose a part of the call is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ToolCallTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Example =
        "A tool call has an Id and a Name, and Arguments as JSON text or as an object: "
            + "@{ Id = 'call-1'; Name = 'read'; Arguments = @{ path = 'a.txt' } }. A block of a provider's reply can be given as it is.";

    private static readonly string[] Arguments = ["Arguments", "ArgumentsJson", "Input", "Args"];
    private static readonly string[] Ids = ["Id", "CallId", "call_id"];
    private static readonly string[] Others = ["Name", "Type", "Signature", "ProviderData"];

    private static readonly JsonSerializerOptions JsonText = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = ObjectJson.MaxDepth,
    };

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        return LanguagePrimitives.GetEnumerable(inputData) is { } list ? list.Cast<object?>().Select(ToCall).ToArray() : new[] { ToCall(inputData) };
    }

    private static ToolCallContent ToCall(object? item)
    {
        if (ArgumentText.Unwrap(item) is ToolCallContent call)
        {
            return call;
        }

        JsonElement block;
        try
        {
            block = ObjectJson.ToElement(item);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentTransformationMetadataException($"The tool call cannot be read. {error.Message}", error);
        }

        if (block.ValueKind == JsonValueKind.String)
        {
            block = Parse(block.GetString()!) ?? throw Refused("it is text that is not a JSON object");
        }

        if (block.ValueKind != JsonValueKind.Object)
        {
            throw Refused($"it is {Kind(block)}");
        }

        try
        {
            return FromTable(block) ?? ProviderReply.ParseCall(block) ?? throw Refused(Missing(block));
        }
        catch (OpiException error)
        {
            throw new ArgumentTransformationMetadataException($"{error.Message} {Example}", error);
        }
    }

    /// <summary>The call of a table of Opi's names; null when it has others, which only a provider's block has.</summary>
    private static ToolCallContent? FromTable(JsonElement table)
    {
        string? id = null, name = null, signature = null;
        JsonElement? arguments = null;
        foreach (JsonProperty member in table.EnumerateObject())
        {
            if (Is(member, Ids))
            {
                id = Text(member);
            }
            else if (Is(member, Arguments))
            {
                // A message's call has its arguments as an object, and as text, which is exact.
                arguments = arguments is null || Is(member, [Arguments[1]]) ? member.Value : arguments;
            }
            else if (Is(member, ["Name"]))
            {
                name = Text(member);
            }
            else if (Is(member, ["Signature"]))
            {
                signature = Text(member);
            }
            else if (!Is(member, Others) || (Is(member, ["ProviderData"]) && member.Value.ValueKind != JsonValueKind.Null)
                || (Is(member, ["Type"]) && Text(member) is not (null or "tool_call")))
            {
                return null;
            }
        }

        bool isGemini = table.TryGetProperty("args", out _);
        return string.IsNullOrEmpty(id) || string.IsNullOrEmpty(name) || isGemini
            ? null
            : new ToolCallContent(id, name, ArgumentsText(arguments)) { Signature = signature };
    }

    private static string ArgumentsText(JsonElement? arguments)
    {
        switch (arguments)
        {
            case null or { ValueKind: JsonValueKind.Null }:
                return "{}";
            case { ValueKind: JsonValueKind.Object } members:
                return JsonSerializer.Serialize(members, JsonText);
            case { ValueKind: JsonValueKind.String } text when text.GetString() is var json:
                return string.IsNullOrWhiteSpace(json) ? "{}"
                    : Parse(json!) is not null ? json!
                    : throw Refused("its Arguments are text that is not a JSON object");
            case var other:
                throw Refused($"its Arguments are {Kind(other.Value)}, not an object");
        }
    }

    private static string Missing(JsonElement block)
    {
        string[] names = [.. block.EnumerateObject().Select(member => member.Name).Take(8)];
        return names.Length == 0 ? "it is an object without members" : $"its members ({string.Join(", ", names)}) are not those of a known call";
    }

    private static ArgumentTransformationMetadataException Refused(string why) => new($"The tool call is refused: {why}. {Example}");

    private static bool Is(JsonProperty member, string[] names) => names.Contains(member.Name, StringComparer.OrdinalIgnoreCase);

    private static string? Text(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => member.Value.GetString(),
        _ => member.Value.GetRawText(),
    };

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Null => "nothing",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "text",
        _ => "a flag",
    };

    private static JsonElement? Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ObjectJson.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException) // half a surrogate pair: no UTF-16
        {
            return null;
        }
    }
}
