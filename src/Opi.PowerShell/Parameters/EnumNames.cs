using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Reads names of enums. The shell itself would take 'Day,Model' for the value that is the sum of the two. Most of it is not generic: the framework
/// has no compiled code for an enum of Opi, and a new process would compile it first.
/// </summary>
internal static class EnumNames
{
    /// <summary>The value that was given, or that has the name that was given. Numbers and lists are refused.</summary>
    public static T One<T>(object? given)
        where T : struct, Enum
    {
        if (ArgumentText.Unwrap(given) is T value && Enum.IsDefined(value))
        {
            return value;
        }

        string text = ArgumentText.Of(given);
        string hint = text.Contains(',', StringComparison.Ordinal) ? " Only one can be given." : "";
        return Find(Enum.GetNames<T>(), text) is { } name
            ? Enum.Parse<T>(name)
            : throw new ArgumentTransformationMetadataException($"'{text}' is not one of {List(Enum.GetNames<T>())}.{hint}");
    }

    /// <summary>The values with these names.</summary>
    /// <param name="type">The enum.</param>
    /// <param name="names">Names of the enum.</param>
    /// <returns>An array of the enum.</returns>
    public static Array Values(Type type, string[] names)
    {
        var values = Array.CreateInstance(type, names.Length);
        for (int i = 0; i < names.Length; i++)
        {
            values.SetValue(Enum.Parse(type, names[i]), i);
        }

        return values;
    }

    /// <summary>The names that were given, in a list or with commas between them in a text.</summary>
    /// <param name="type">The enum.</param>
    /// <param name="given">What was given.</param>
    /// <param name="excluded">The names of values that cannot be chosen.</param>
    /// <param name="all">The name that means all values; null if there is none.</param>
    /// <returns>The names as the enum has them.</returns>
    public static string[] Several(Type type, object? given, string[] excluded, string? all = null)
    {
        string[] known = [.. Enum.GetNames(type).Except(excluded)];
        var names = new List<string>();
        foreach (object? item in LanguagePrimitives.GetEnumerable(given)?.Cast<object?>() ?? [given])
        {
            if (ArgumentText.Unwrap(item) is Enum value && value.GetType() == type && Enum.GetName(type, value) is { } own && known.Contains(own))
            {
                names.Add(own);
                continue;
            }

            foreach (string text in ArgumentText.Of(item).Split(',', StringSplitOptions.TrimEntries))
            {
                if (all is not null && text.Equals(all, StringComparison.OrdinalIgnoreCase))
                {
                    names.AddRange(known);
                }
                else if (Find(known, text) is { } name)
                {
                    names.Add(name);
                }
                else
                {
                    throw new ArgumentTransformationMetadataException($"'{text}' is not one of {List(all is null ? known : [.. known, all])}.");
                }
            }
        }

        return names.Count > 0 ? [.. names]
            : throw new ArgumentTransformationMetadataException("The list is empty: name at least one, or leave the parameter out.");
    }

    private static string? Find(string[] names, string text) =>
        Array.Find(names, name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
