using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>
/// Takes secrets out by the rules of opi: before a session is written out of the arguments of tool calls and the details of tool results
/// (what is written is also what the context gives back, so the model sees its own calls redacted), in an export out of texts too.
/// </summary>
internal static class Redactor
{
    [Flags]
    private enum Rules
    {
        None = 0,
        Secrets = 1,
        ContentKeys = 2,
        SystemPaths = 4,
    }

    private static readonly HashSet<string> ContentKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "prompt", "prompts", "tool_output", "tool_result", "env", "environment", "command", "args", "cwd", "body", "request_body", "response_body",
        "provider_error", "headers", "stdout", "stderr", "tool_error", "hook_error", "trace_error", "package_error", "package_message",
        "adapter_error", "path", "resolved_path", "user_path",
    };

    public static Message Apply(Message message, Redaction mode) => mode == Redaction.None ? message : message switch
    {
        AssistantMessage answer when answer.Content.Any(block => block is ToolCallContent or OpaqueContent) =>
            answer with { Content = [.. answer.Content.Select(block => Apply(block, mode))] },
        ToolResultMessage { Details: { } details } result => result with { Details = ApplyTo(details, RulesOf(mode)) },
        _ => message,
    };

    private static IAssistantContent Apply(IAssistantContent block, Redaction mode) => block switch
    {
        ToolCallContent call => call with { Arguments = ApplyToText(call.Arguments, mode), ProviderData = Apply(call.ProviderData, mode) },
        OpaqueContent opaque => opaque with { StandIn = ApplyToValue(opaque.StandIn, RulesOf(mode)), Data = Apply(opaque.Data, mode)! },
        _ => block,
    };

    /// <summary>The provider's JSON, as it came where there is nothing to redact: the provider may have signed it.</summary>
    private static ProviderData? Apply(ProviderData? data, Redaction mode) =>
        data is null || ApplyToText(data.Json, mode) is not { } redacted || redacted == ApplyToText(data.Json, Redaction.None)
            ? data
            : data with { Json = redacted };

    /// <summary>JSON text, redacted and with sorted keys; text that is not JSON is replaced whole.</summary>
    internal static string ApplyToText(string json, Redaction mode) => ApplyToText(json, RulesOf(mode));

    public static string ExportJson(string json, ExportRedaction mode) => mode switch
    {
        ExportRedaction.None => json,
        ExportRedaction.Verbose => ApplyToText(json, Rules.Secrets | Rules.ContentKeys),
        _ => ApplyToText(json, RulesOf(Redaction.Strict)),
    };

    public static string ExportText(string text, ExportRedaction mode) => mode switch
    {
        ExportRedaction.None => text,
        ExportRedaction.Verbose => TextRedaction.WithoutSecrets(text),
        _ => TextRedaction.WithoutSystemPaths(TextRedaction.WithoutSecrets(text)),
    };

    private static Rules RulesOf(Redaction mode) => mode switch
    {
        Redaction.None => Rules.None,
        Redaction.Secrets => Rules.Secrets,
        _ => Rules.Secrets | Rules.ContentKeys | Rules.SystemPaths,
    };

    /// <summary>A text in JSON. By opi's rule one with a path of the system goes whole.</summary>
    private static string ApplyToValue(string text, Rules rules)
    {
        if (rules.HasFlag(Rules.SystemPaths) && TextRedaction.HasSystemPath(text))
        {
            return TextRedaction.Placeholder;
        }

        return rules.HasFlag(Rules.Secrets) ? TextRedaction.WithoutSecrets(text) : text;
    }

    private static string ApplyToText(string json, Rules rules)
    {
        try
        {
            return SerdeJson.ToText(ApplyTo(SerdeJson.Parse(Encoding.UTF8.GetBytes(json)), rules));
        }
        catch (JsonException)
        {
            return $"\"{TextRedaction.Placeholder}\"";
        }
    }

    private static JsonElement ApplyTo(JsonElement value, Rules rules)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value, rules);
        }

        return SerdeJson.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, Rules rules)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    if (
                        (
                            SecretShapes.IsSecretKey(member.Name)
                                && member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False))
                            || (rules.HasFlag(Rules.ContentKeys) && ContentKeys.Contains(member.Name)))
                    {
                        writer.WriteStringValue(TextRedaction.Placeholder);
                    }
                    else
                    {
                        Write(writer, member.Value, rules);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(writer, item, rules);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(ApplyToValue(JsonHalves.TextOf(value), rules));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
