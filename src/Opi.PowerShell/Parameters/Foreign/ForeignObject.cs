using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.PowerShell;

/// <summary>
/// The one place that decides what an object of another library is. It is recognised by type names, and read only if the type is known to carry its
/// JSON. No member of an unknown type is read, and ToString() is not called: a getter can wait forever, throw, or make a request.
/// </summary>
internal static class ForeignObject
{
    private const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;
    private const string Persistable = "System.ClientModel.Primitives.IJsonModel`1";

    /// <summary>The JSON of an object: an element, or a text that holds it; null when the type is not known.</summary>
    /// <exception cref="ArgumentException">It is known, but cannot be read: its body was not buffered, it was disposed.</exception>
    public static object? Read(object value)
    {
        Type type = value.GetType();
        try
        {
            return value switch
            {
                JsonElement { ValueKind: JsonValueKind.Undefined } => Null,
                JsonElement element => element,
                JsonDocument document => document.RootElement,
                JsonNode node => Parse(node.ToJsonString(Options)),
                _ => ReadSdk(value, type),
            };
        }
        catch (TargetInvocationException error)
        {
            throw Unreadable(type, error.InnerException ?? error);
        }
        catch (Exception error) when (error is InvalidOperationException or NotSupportedException or JsonException or ArgumentException)
        {
            throw Unreadable(type, error);
        }
    }

    /// <summary>
    /// What to do with an object that is not known, for the end of an error.
    /// </summary>
    public static string Advice(Type type) =>
        IsAwaitable(type)
            ? "It is a task: take its result first, with $task.GetAwaiter().GetResult()."
            : "Nothing of it was read, because reading members of an unknown type runs its code. Give its JSON as text, or an object of the members "
                + "that are needed, as Select-Object makes it.";

    /// <summary>Whether the object is a task.</summary>
    public static bool IsAwaitable(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static readonly JsonSerializerOptions Options = new() { MaxDepth = ObjectJson.MaxDepth };

    private static JsonElement Null => Parse("null");

    private static object? ReadSdk(object value, Type type)
    {
        if (TypeText.BaseNamed(type, "Newtonsoft.Json.Linq.JToken") is { } token)
        {
            return Newtonsoft(value, token);
        }

        if (type.FullName == "System.BinaryData")
        {
            return value.ToString();
        }

        // OpenAI and Azure: the response as it came, or the model that writes itself as it was read.
        if (TypeText.BaseNamed(type, "System.ClientModel.ClientResult") is { } result)
        {
            return Body(Call(value, result, "GetRawResponse"));
        }

        if ((TypeText.BaseNamed(type, "Azure.Response") ?? TypeText.BaseNamed(type, "System.ClientModel.Primitives.PipelineResponse")) is not null)
        {
            return Body(value);
        }

        if (TypeText.BaseNamed(type, "Azure.NullableResponse`1") is { } azure)
        {
            return Body(Call(value, azure, "GetRawResponse"));
        }

        if (type.GetInterfaces().FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition().FullName == Persistable) is { } model)
        {
            return Written(value, model.Assembly);
        }

        if (TypeText.BaseNamed(type, "Anthropic.Core.ModelBase") is not null)
        {
            return Anthropic(value, type);
        }

        return TypeText.IsIn(type, "Microsoft.Extensions.AI") || TypeText.IsIn(type, "Microsoft.Agents.AI") ? ExtensionsAI(value, type)
            : TypeText.IsIn(type, "OllamaSharp.Models") ? JsonSerializer.SerializeToElement(value, type, Options)
            : TypeText.IsIn(type, "Amazon.BedrockRuntime") ? AwsObject.Read(value)
            : null;
    }

    private static string? Body(object? response)
    {
        object? content = response is null ? null : Get(response, "Content");
        return content is { } data && data.GetType().FullName == "System.BinaryData"
            ? data.ToString()
            : throw new InvalidOperationException("its response has no content");
    }

    private static string? Written(object value, Assembly assembly)
    {
        MethodInfo? write = assembly.GetType("System.ClientModel.Primitives.ModelReaderWriter")?
            .GetMethods(BindingFlags.Static | BindingFlags.Public)
            .FirstOrDefault(method => method is { Name: "Write", IsGenericMethod: false }
                && method.GetParameters() is [{ ParameterType: var first }, _] && first == typeof(object));
        return write?.Invoke(null, [value, null])?.ToString() ?? throw new InvalidOperationException("its library does not write it as JSON");
    }

    private static object? Anthropic(object value, Type type)
    {
        if (type.GetProperty("RawData", Public)?.GetValue(value) is IReadOnlyDictionary<string, JsonElement> members)
        {
            return JsonSerializer.SerializeToElement(members);
        }

        if (type.GetProperty("Json", Public)?.GetValue(value) is JsonElement { ValueKind: not JsonValueKind.Undefined } element)
        {
            return element;
        }

        return type.GetProperty("Value", Public)?.GetValue(value) is { } inner && inner.GetType() != type ? Read(inner) : null;
    }

    /// <summary>
    /// Its own JSON. If an answer holds the reply of a provider's library, that one has more. Microsoft's agents hold such a
    /// response.
    /// </summary>
    private static object? ExtensionsAI(object value, Type type)
    {
        object? raw = type.GetProperty("RawRepresentation", Public)?.GetValue(value);
        bool isAgents = TypeText.IsIn(type, "Microsoft.Agents.AI");
        bool isWhole = isAgents || (TypeText.BaseNamed(type, "Microsoft.Extensions.AI.ChatResponse") is not null
            && type.GetProperty("Messages", Public)?.GetValue(value) is System.Collections.ICollection { Count: 1 });
        if (isWhole && raw is not null && !raw.GetType().IsPrimitive && raw is not string && Read(raw) is { } read)
        {
            return read;
        }

        Type? content = TypeText.BaseNamed(type, "Microsoft.Extensions.AI.AIContent");
        return isAgents ? null
            : content?.Assembly.GetType("Microsoft.Extensions.AI.AIJsonUtilities") is { } ofContent
                ? JsonSerializer.SerializeToElement(value, content, OptionsOf(ofContent))
            : type.Assembly.GetType("Microsoft.Extensions.AI.AIJsonUtilities") is { } utilities
                ? JsonSerializer.SerializeToElement(value, type, OptionsOf(utilities))
            : null;
    }

    private static JsonSerializerOptions? OptionsOf(Type utilities) =>
        utilities.GetProperty("DefaultOptions", BindingFlags.Static | BindingFlags.Public)?.GetValue(null) as JsonSerializerOptions;

    private static string Newtonsoft(object value, Type token)
    {
        Type? formatting = token.Assembly.GetType("Newtonsoft.Json.Formatting");
        Type? converter = token.Assembly.GetType("Newtonsoft.Json.JsonConverter");
        MethodInfo? write = formatting is null || converter is null ? null : token.GetMethod("ToString", [formatting, converter.MakeArrayType()]);
        return write?.Invoke(value, [Enum.ToObject(formatting!, 0), Array.CreateInstance(converter!, 0)]) as string
            ?? throw new InvalidOperationException("its library does not write it as JSON");
    }

    private static object? Call(object value, Type type, string method) => type.GetMethod(method, Public, Type.EmptyTypes)?.Invoke(value, null);

    private static object? Get(object value, string property)
    {
        for (Type? at = value.GetType(); at is not null; at = at.BaseType)
        {
            if (at.GetProperty(property, Public | BindingFlags.DeclaredOnly) is { CanRead: true } found)
            {
                return found.GetValue(value);
            }
        }

        return null;
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ObjectJson.MaxDepth });
        return document.RootElement.Clone();
    }

    private static ArgumentException Unreadable(Type type, Exception error) =>
        new($"The {TypeText.Of(type)} cannot be read: {error.Message.TrimEnd('.')}.", error);
}
