using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>
/// A tool's output as JSON: tables, custom objects, objects of PowerShell classes and lists of them down to a depth, everything below
/// it as text. .NET objects are not plain data: they have many members, and these may run code.
/// </summary>
internal static class ToolJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Whether an object is data that says all by its members.</summary>
    public static bool IsPlain(object value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } => true,
        PSObject wrapped => IsPlain(wrapped.BaseObject),
        IDictionary or bool => true,
        IEnumerable list and not string => list is Array or ArrayList or IList,
        _ => IsOfPowerShell(value.GetType()),
    };

    /// <summary>A value that one line of text shows whole; null for any other.</summary>
    public static string? TextOf(object value) => value switch
    {
        PSObject { BaseObject: not PSCustomObject } wrapped => TextOf(wrapped.BaseObject),
        string text => text,
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
        char or Guid or Uri or Version or TimeSpan or Enum or System.Numerics.BigInteger or StringBuilder =>
            Convert.ToString(value, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        System.Xml.XmlNode node => node.OuterXml,
        _ when value.GetType().IsPrimitive || value is decimal => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The JSON text without spaces.</summary>
    /// <param name="value">The object.</param>
    /// <param name="depth">How many levels of objects and lists are written out.</param>
    public static string Of(object value, int depth)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            Write(writer, value, depth);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static bool IsOfPowerShell(Type type) =>
        type.Assembly.IsDynamic && type.Assembly.GetName().Name?.StartsWith("PowerShell Class Assembly", StringComparison.Ordinal) == true;

    private static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        object? plain = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        switch (plain)
        {
            case null or DBNull:
                writer.WriteNullValue();
                return;
            case bool flag:
                writer.WriteBooleanValue(flag);
                return;
            case SwitchParameter flag:
                writer.WriteBooleanValue(flag.IsPresent);
                return;
            case sbyte or byte or short or ushort or int or uint or long or ulong or decimal or System.Numerics.BigInteger:
                writer.WriteRawValue(Convert.ToString(plain, CultureInfo.InvariantCulture)!);
                return;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                return;
            case float number when float.IsFinite(number):
                writer.WriteNumberValue(number);
                return;
        }

        if (TextOf(plain) is { } text)
        {
            writer.WriteStringValue(text);
        }
        else if (depth <= 0 || !IsPlain(plain))
        {
            writer.WriteStringValue(TextOfAny(plain));
        }
        else if (plain is IDictionary table)
        {
            writer.WriteStartObject();
            foreach (DictionaryEntry entry in table)
            {
                writer.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "");
                Write(writer, entry.Value, depth - 1);
            }

            writer.WriteEndObject();
        }
        else if (plain is IEnumerable list)
        {
            writer.WriteStartArray();
            foreach (object? item in list)
            {
                Write(writer, item, depth - 1);
            }

            writer.WriteEndArray();
        }
        else
        {
            WriteMembers(writer, plain, depth);
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, object value, int depth)
    {
        writer.WriteStartObject();
        foreach (PSPropertyInfo member in PSObject.AsPSObject(value).Properties)
        {
            writer.WritePropertyName(member.Name);
            try
            {
                Write(writer, member.Value, depth - 1);
            }
            catch (GetValueException error)
            {
                writer.WriteStringValue($"(error: {error.Message})");
            }
        }

        writer.WriteEndObject();
    }

    private static string TextOfAny(object value)
    {
        try
        {
            return Convert.ToString(PSObject.AsPSObject(value), CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception error) when (error is not OutOfMemoryException) // a foreign ToString may throw anything
        {
            return $"(error: {error.Message})";
        }
    }
}
