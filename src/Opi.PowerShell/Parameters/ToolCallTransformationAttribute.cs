using System.Collections;
using System.Management.Automation;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>Takes tool calls as tables or objects with Id, Name and Arguments; the arguments as JSON text or as an object.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ToolCallTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        return LanguagePrimitives.GetEnumerable(inputData) is { } list ? list.Cast<object?>().Select(ToCall).ToArray() : new[] { ToCall(inputData) };
    }

    private static ToolCallContent ToCall(object? item)
    {
        object? value = item is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : item;
        if (value is ToolCallContent call)
        {
            return call;
        }

        object? id = Member(value, "Id");
        object? name = Member(value, "Name");
        object? arguments = Member(value, "Arguments");
        if (id is null || name is null)
        {
            throw new ArgumentTransformationMetadataException(
                "A tool call has an Id and a Name, and Arguments as JSON text or as an object: @{ Id = 'call-1'; Name = 'read'; Arguments = @{ "
                    + "path = 'a.txt' } }.");
        }

        return new ToolCallContent(id.ToString()!, name.ToString()!, ToJsonText(arguments));
    }

    private static string ToJsonText(object? arguments) => arguments switch
    {
        null => "{}",
        string text => text,
        _ => JsonSerializer.Serialize(ObjectJson.ToElement(arguments), JsonText),
    };

    private static readonly JsonSerializerOptions JsonText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static object? Member(object? item, string name)
    {
        object? value = item switch
        {
            null => null,
            IDictionary table =>
                table.Keys.OfType<string>().FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) is { } key
                    ? table[key]
                    : null,
            _ => PSObject.AsPSObject(item).Properties[name]?.Value,
        };
        return value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
    }
}
