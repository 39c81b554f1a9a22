using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Reflection;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>
/// A model's argument as a value that PowerShell binds to a parameter. The engine converts it to the parameter's type, by its own rules; here
/// it only gets the form that those rules begin with.
/// </summary>
internal static class ToolValue
{
    /// <summary>The value of a parameter or of a member.</summary>
    /// <exception cref="PSInvalidCastException">An item of a list or a value of a table does not fit.</exception>
    public static object? Of(JsonElement value, Type type)
    {
        Type plain = ToolTypes.Plain(type);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return OfObject(value, plain);
            case JsonValueKind.Array:
                return OfArray(value, plain);
            case JsonValueKind.String:
                return OfText(value.GetString()!, plain);
            case JsonValueKind.Number:
                return plain == typeof(decimal) && value.TryGetDecimal(out decimal exact) ? exact : OfNumber(value);
            case JsonValueKind.True:
            case JsonValueKind.False:
                return value.GetBoolean();
            default:
                return null;
        }
    }

    /// <summary>Models write a flag as text now and then, which PowerShell refuses.</summary>
    private static object OfText(string text, Type type)
    {
        bool isFlag = type == typeof(bool) || type == typeof(SwitchParameter);
        return isFlag && bool.TryParse(text, out bool flag) ? flag : text;
    }

    private static object OfNumber(JsonElement value)
    {
        object number = JsonTable.NumberOf(value);
        return number is long and >= int.MinValue and <= int.MaxValue ? (int)(long)number : number;
    }

    private static object OfArray(JsonElement value, Type type)
    {
        Type item = ToolTypes.ItemOf(type) ?? typeof(object);
        object?[] items = [.. value.EnumerateArray().Select(one => Of(one, item))];
        if (!type.IsInterface || !type.IsGenericType)
        {
            return items;
        }

        // PowerShell makes no list of an interface. An array of the items' type is one.
        Array made = Array.CreateInstance(item, items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            made.SetValue(LanguagePrimitives.ConvertTo(items[i], item, System.Globalization.CultureInfo.InvariantCulture), i);
        }

        return made;
    }

    private static object OfObject(JsonElement value, Type type)
    {
        JsonProperty[] members = [.. value.EnumerateObject()];
        if (ToolTypes.MembersOf(type) is { } properties)
        {
            Hashtable record = NewTable(members);
            foreach (JsonProperty member in members)
            {
                PropertyInfo? property = properties.FirstOrDefault(property => property.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
                if (member.Value.ValueKind != JsonValueKind.Null || property is null)
                {
                    record[member.Name] = Of(member.Value, property?.PropertyType ?? typeof(object));
                }
            }

            return record;
        }

        if (type == typeof(OrderedDictionary))
        {
            return Fill(new OrderedDictionary(NewTable(members).Count, StringComparer.OrdinalIgnoreCase), members, typeof(Hashtable));
        }

        if (ToolTypes.ValueOf(type) is not { } valueType)
        {
            return ToObject(members);
        }

        if (!type.IsGenericType)
        {
            return Fill(NewTable(members), members, typeof(Hashtable));
        }

        bool isSorted = type.GetGenericTypeDefinition() == typeof(SortedDictionary<,>);
        Type made = isSorted ? typeof(SortedDictionary<,>) : typeof(Dictionary<,>);
        var table = (IDictionary)Activator.CreateInstance(made.MakeGenericType(typeof(string), valueType))!;
        foreach (JsonProperty member in members)
        {
            object? one = Of(member.Value, valueType);
            table[member.Name] = ToolTypes.IsAny(valueType)
                ? one
                : LanguagePrimitives.ConvertTo(one, valueType, System.Globalization.CultureInfo.InvariantCulture);
        }

        return table;
    }

    /// <summary>Where any object is taken, what ConvertFrom-Json would give.</summary>
    private static PSObject ToObject(JsonProperty[] members)
    {
        var made = new PSObject();
        foreach (JsonProperty member in members)
        {
            object? value = Of(member.Value, typeof(object));
            if (made.Properties[member.Name] is { } same)
            {
                same.Value = value;
            }
            else
            {
                made.Properties.Add(new PSNoteProperty(member.Name, value));
            }
        }

        return made;
    }

    private static IDictionary Fill(IDictionary table, JsonProperty[] members, Type inner)
    {
        foreach (JsonProperty member in members)
        {
            table[member.Name] = member.Value.ValueKind == JsonValueKind.Object ? Of(member.Value, inner) : Of(member.Value, typeof(object));
        }

        return table;
    }

    private static Hashtable NewTable(JsonProperty[] members)
    {
        bool ignoreCase = members.Select(member => member.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count()
            == members.Select(member => member.Name).Distinct(StringComparer.Ordinal).Count();
        return new Hashtable(ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    }
}
