using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>
/// Turns what scripts have into JSON: dictionaries and custom objects into objects, lists into arrays, the rest by type. Dates are ISO,
/// enums are names. Objects of other libraries are read by <see cref="ForeignObject"/>; unknown types are refused, since reading their
/// members runs their code.
/// </summary>
internal static class ObjectJson
{
    /// <summary>How deep a value may nest.</summary>
    public const int MaxDepth = 100;

    private static readonly JsonDocumentOptions ReaderOptions = new() { MaxDepth = MaxDepth + 1 };

    /// <summary>The members that are read of types that cmdlets give: each is plain data.</summary>
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["Microsoft.PowerShell.Commands.MatchInfo"] = ["Path", "LineNumber", "Line"],
        ["Microsoft.PowerShell.Commands.GenericMeasureInfo"] = ["Count", "Average", "Sum", "Maximum", "Minimum", "Property"],
        ["Microsoft.PowerShell.Commands.GenericObjectMeasureInfo"] = ["Count", "Maximum", "Minimum", "Property"],
        ["Microsoft.PowerShell.Commands.TextMeasureInfo"] = ["Lines", "Words", "Characters"],
        ["Microsoft.PowerShell.Commands.GroupInfo"] = ["Name", "Count"],
        ["System.Management.Automation.PathInfo"] = ["Path"],
        ["System.Diagnostics.Process"] = ["Id", "ProcessName"],
        ["System.Collections.DictionaryEntry"] = ["Key", "Value"],
    };

    /// <summary>The object as a JSON element.</summary>
    /// <param name="value">The object.</param>
    /// <param name="keepHalves">
    /// Whether half a surrogate pair is kept as an escape, to be joined with the other half; else it becomes U+FFFD.
    /// </param>
    /// <exception cref="ArgumentException">
    /// It holds an object of an unknown type, or nests too deep, which mostly means that it contains itself.
    /// </exception>
    public static JsonElement ToElement(object? value, bool keepHalves = false)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { MaxDepth = MaxDepth + 1, SkipValidation = true }))
        {
            new Run(writer, keepHalves).Write(value, 0);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(stream.ToArray(), ReaderOptions);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw TooDeep(error);
        }
    }

    /// <summary>The object as JSON text without spaces.</summary>
    /// <exception cref="ArgumentException">As for <see cref="ToElement"/>.</exception>
    public static string ToText(object? value) =>
        JsonSerializer.Serialize(ToElement(value), Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth + 1,
    };

    private static ArgumentException TooDeep(Exception? error = null) => new($"The value nests deeper than {MaxDepth} levels.", error);

    private sealed class Run(Utf8JsonWriter writer, bool keepHalves)
    {
        public void Write(object? value, int depth)
        {
            if (depth > MaxDepth)
            {
                throw TooDeep();
            }

            object? plain = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
            if (plain is null or DBNull || ReferenceEquals(plain, System.Management.Automation.Internal.AutomationNull.Value))
            {
                writer.WriteNullValue();
            }
            else if (TextOf(plain) is { } text)
            {
                WriteText(text);
            }
            else if (!TryScalar(plain) && !TryCollection(plain, depth))
            {
                WriteObject(plain, depth);
            }
        }

        private static string? TextOf(object value) => value switch
        {
            string text => text,
            char or Guid or Uri or Version or TimeSpan or Enum or System.Net.IPAddress or StringBuilder =>
                Convert.ToString(value, CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
            double.NaN or double.PositiveInfinity or double.NegativeInfinity or float.NaN or float.PositiveInfinity or float.NegativeInfinity =>
                Convert.ToString(value, CultureInfo.InvariantCulture), // JSON has no number for it
            FileSystemInfo item => item.FullName,
            System.Text.RegularExpressions.Capture match => match.Value,
            System.Xml.XmlNode node => node.OuterXml,
            Type type => TypeText.Of(type),
            _ => null,
        };

        private bool TryScalar(object value)
        {
            switch (value)
            {
                case bool flag:
                    writer.WriteBooleanValue(flag);
                    return true;
                case SwitchParameter given:
                    writer.WriteBooleanValue(given.IsPresent);
                    return true;
                case DateTime time:
                    writer.WriteStringValue(time);
                    return true;
                case DateTimeOffset time:
                    writer.WriteStringValue(time);
                    return true;
                case double number:
                    writer.WriteNumberValue(number);
                    return true;
                case float number:
                    writer.WriteNumberValue(number);
                    return true;
                case sbyte or byte or short or ushort or int or uint or long or ulong or decimal or System.Numerics.BigInteger:
                    writer.WriteRawValue(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                    return true;
                default:
                    return false;
            }
        }

        private bool TryCollection(object value, int depth)
        {
            if (!IsCollection(value.GetType()))
            {
                return false;
            }

            switch (value)
            {
                case IDictionary table:
                    WriteMembers(table.Cast<DictionaryEntry>().Select(entry => (TextOf(entry.Key) ?? KeyOf(entry.Key), (object?)entry.Value)), depth);
                    return true;
                case IDictionary<string, object?> members:
                    WriteMembers(members.Select(member => (member.Key, member.Value)), depth);
                    return true;
                case NameValueCollection named:
                    WriteMembers(named.AllKeys.Select(name => (name ?? "", (object?)named[name])), depth);
                    return true;
                case IEnumerable list:
                    writer.WriteStartArray();
                    foreach (object? item in list)
                    {
                        Write(item, depth + 1);
                    }

                    writer.WriteEndArray();
                    return true;
                default:
                    return false;
            }
        }

        /// <summary>Whether it is a collection of the framework's or of Opi's: to go through another one can run anything.</summary>
        private static bool IsCollection(Type type) =>
            type.IsArray || IsIn(type, "System.Collections") || type == typeof(System.Dynamic.ExpandoObject) || type == typeof(OpiRequest)
                || IsIn(type, "System.Management.Automation") || type.Assembly == typeof(Message).Assembly;

        private static bool IsIn(Type type, string space) => type.Namespace is { } name
            && (name == space || name.StartsWith(space + ".", StringComparison.Ordinal)) && type.Assembly != typeof(ObjectJson).Assembly;

        private static string KeyOf(object key) => Convert.ToString(key, CultureInfo.InvariantCulture) is { } text && key is IConvertible
            ? text
            : throw Unknown(key.GetType());

        private void WriteObject(object value, int depth)
        {
            Type type = value.GetType();
            if (value is PSObject { BaseObject: PSCustomObject } || IsOwn(type))
            {
                WriteMembers(PSObject.AsPSObject(value).Properties.Select(property => (property.Name, ValueOf(property))), depth);
            }
            else if (Known.TryGetValue(type.FullName ?? "", out string[]? names))
            {
                PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(value).Properties;
                IEnumerable<PSPropertyInfo> known = names.Select(name => properties[name]).OfType<PSPropertyInfo>();
                WriteMembers(known.Select(property => (property.Name, ValueOf(property))), depth);
            }
            else if (value is System.Data.DataRow row)
            {
                WriteMembers(row.Table.Columns.Cast<System.Data.DataColumn>().Select(column => (column.ColumnName, (object?)row[column])), depth);
            }
            else
            {
                WriteForeign(value, type);
            }
        }

        private void WriteForeign(object value, Type type)
        {
            switch (ForeignObject.Read(value))
            {
                case JsonElement element:
                    writer.WriteRawValue(element.GetRawText(), skipInputValidation: true);
                    break;
                case string json when IsJson(json):
                    writer.WriteRawValue(json, skipInputValidation: true);
                    break;
                case string text:
                    WriteText(text);
                    break;
                default:
                    throw Unknown(type);
            }
        }

        /// <summary>Opi's own objects, and objects of classes that a script defines, whose members run no code.</summary>
        private static bool IsOwn(Type type) =>
            type.Assembly == typeof(Message).Assembly || type.Assembly == typeof(ObjectJson).Assembly
                || type.Assembly.GetCustomAttributes(typeof(DynamicClassImplementationAssemblyAttribute), inherit: false).Length > 0;

        private static object? ValueOf(PSPropertyInfo property)
        {
            try
            {
                return property.Value;
            }
            catch (GetValueException error)
            {
                throw new ArgumentException($"Its member '{property.Name}' cannot be read: {error.Message}", error);
            }
        }

        private void WriteMembers(IEnumerable<(string Name, object? Value)> members, int depth)
        {
            writer.WriteStartObject();
            foreach ((string name, object? value) in members)
            {
                writer.WritePropertyName(name);
                Write(value, depth + 1);
            }

            writer.WriteEndObject();
        }

        /// <summary>Writes a text. The writer itself would put U+FFFD for each half of a surrogate pair.</summary>
        private void WriteText(string text)
        {
            if (!keepHalves || !HasHalf(text))
            {
                writer.WriteStringValue(text);
                return;
            }

            var json = new StringBuilder(text.Length + 16).Append('"');
            for (int at = 0; at < text.Length; at++)
            {
                bool isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
                if (isPair)
                {
                    json.Append(text, at++, 2);
                }
                else if (char.IsSurrogate(text[at]) || text[at] is '"' or '\\' || char.IsControl(text[at]))
                {
                    json.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}");
                }
                else
                {
                    json.Append(text[at]);
                }
            }

            writer.WriteRawValue(json.Append('"').ToString(), skipInputValidation: true);
        }

        private static bool HasHalf(string text)
        {
            for (int at = 0; at < text.Length; at++)
            {
                if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                {
                    at++;
                }
                else if (char.IsSurrogate(text[at]))
                {
                    return true;
                }
            }

            return false;
        }

        private static bool IsJson(string text)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(text, ReaderOptions);
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
            catch (ArgumentException) // half a surrogate pair as it is: no UTF-16
            {
                return false;
            }
        }

        private static ArgumentException Unknown(Type type) => new($"It is or holds a {TypeText.Of(type)}. {ForeignObject.Advice(type)}");
    }
}
