using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// Reads the parts of an answer. A streamed text comes in several; a part with only a signature stays a separate part, as Google
/// asks. A streamed call may come in several too.
/// </summary>
internal sealed class GeminiParts(Reply result, bool isStreamed)
{
    public const string Signature = "thoughtSignature";
    public const string Thought = "thought";
    public const string Call = "functionCall";

    private const string Shape = "gemini";

    private static readonly string[] Data =
    [
        "text", Call, "functionResponse", "inlineData", "fileData", "executableCode", "codeExecutionResult", "toolCall", "toolResponse",
    ];

    /// <summary>Members of a part besides its data.</summary>
    private static readonly string[] Beside = [Thought, Signature, "videoMetadata", "partMetadata", "mediaResolution"];

    private (string Text, bool IsThought, string? Signature, ProviderData? More) _text = ("", false, null, null);
    private (JsonElement Part, string? Signature, GeminiArguments Arguments)? _call;

    /// <summary>The name of a part's data; null when it has none.</summary>
    public static string? KindOf(JsonElement part)
    {
        string[] names = part.ValueKind != JsonValueKind.Object ? []
            : [.. part.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(member => member.Name)];
        return Data.FirstOrDefault(names.Contains) ?? Array.Find(names, name => !Beside.Contains(name));
    }

    /// <summary>A part as it goes back: without members that are null.</summary>
    public static ProviderData Raw(JsonElement part) => new(Shape, ReplyJson.Compact(ReplyExcerpt.Of(writer =>
    {
        foreach (JsonProperty member in part.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            ReplyExcerpt.WriteMember(writer, member.Name, member.Value);
        }
    })));

    /// <summary>Adds the parts to the reply. Their names are in camelCase.</summary>
    public void Add(IEnumerable<JsonElement> parts)
    {
        foreach (JsonElement part in parts)
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                AddText(part.GetString()!, isThought: false, null, null);
                continue;
            }

            string? signature = part.Text(Signature) is { Length: > 0 } given ? given : null;
            bool isThought = part.Get(Thought) is { ValueKind: JsonValueKind.True };
            switch (KindOf(part))
            {
                case null or "text":
                    AddText(part.Text("text") ?? "", isThought, signature, ExtraMembers.Of(Shape, part, "text", Thought, Signature));
                    break;
                case Call when part.Object(Call) is { } call:
                    AddCall(part, call, signature);
                    break;
                case { } kind:
                    Flush();
                    result.AddOpaque(kind, GeminiStandIn.Of(kind, part.Get(kind)!.Value), Raw(part));
                    break;
            }
        }
    }

    /// <summary>Adds what is still open; nothing comes any more.</summary>
    public void End()
    {
        Flush();
        EndCall();
    }

    private void AddText(string text, bool isThought, string? signature, ProviderData? more)
    {
        bool goesOn = isStreamed && text.Length > 0 && more is null
            && _text is { Text.Length: > 0, Signature: null, More: null } && _text.IsThought == isThought;
        if (goesOn)
        {
            _text = (_text.Text + text, isThought, signature, null);
            return;
        }

        if (text.Length > 0 || signature is not null || more is not null)
        {
            Flush();
            _text = (text, isThought, signature, more);
        }
    }

    private void Flush()
    {
        (string text, bool isThought, string? signature, ProviderData? more) = _text;
        _text = ("", false, null, null);
        if (text.Length == 0 && signature is null && more is null)
        {
            return;
        }

        EndCall();
        if (isThought)
        {
            result.AddThinking(text, signature, data: text.Length == 0 ? With(more, Thought, true) : more);
        }
        else if (text.Length == 0 && signature is not null)
        {
            result.AddThinking(null, signature, data: more);
        }
        else
        {
            result.AddText(text, signature is null ? more : With(more, Signature, signature));
        }
    }

    private void AddCall(JsonElement part, JsonElement call, string? signature)
    {
        Flush();
        bool goesOn = call.Get("willContinue") is { ValueKind: JsonValueKind.True };
        bool isNamed = !string.IsNullOrEmpty(call.Text("name"));
        if (_call is not null && !isNamed)
        {
            Grow(call);
            _call = goesOn ? _call.Value with { Signature = _call.Value.Signature ?? signature } : _call;
        }
        else
        {
            EndCall();
            if (!goesOn && call.Get("partialArgs") is null)
            {
                if (isNamed || call.Get("args") is not null || call.Get("id") is not null)
                {
                    result.AddCall(call.Text("id"), call.Text("name"), ReplyJson.Arguments(call.Get("args")), signature, MoreOf(part, call));
                }

                return;
            }

            _call = (part, signature, new GeminiArguments(call.Get("args")));
            Grow(call);
        }

        if (!goesOn)
        {
            EndCall();
        }
    }

    private void Grow(JsonElement call)
    {
        if (!_call!.Value.Arguments.Add(call.Items("partialArgs")))
        {
            result.NotKept("a piece of a call's arguments whose place is not known");
        }
    }

    private void EndCall()
    {
        if (_call is var (part, signature, arguments))
        {
            _call = null;
            JsonElement call = part.Object(Call)!.Value;
            result.AddCall(call.Text("id"), call.Text("name"), arguments.ToString(), signature, MoreOf(part, call));
        }
    }

    /// <summary>Members of a part besides its call, and of the call besides those that a message has.</summary>
    private static ProviderData? MoreOf(JsonElement part, JsonElement call)
    {
        JsonObject more = ExtraMembers.Read(ExtraMembers.Of(Shape, part, Call, Signature));
        JsonObject inside = ExtraMembers.Read(ExtraMembers.Of(Shape, call, "id", "name", "args", "partialArgs", "willContinue"));
        if (inside.Count > 0)
        {
            more[Call] = inside;
        }

        return more.Count == 0 ? null : new ProviderData(Shape, ReplyJson.Compact(more.ToElement()));
    }

    private static ProviderData With(ProviderData? more, string name, JsonNode value)
    {
        JsonObject members = ExtraMembers.Read(more);
        members[name] = value;
        return new ProviderData(Shape, ReplyJson.Compact(members.ToElement()));
    }
}
