using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Reads names of enums. The shell itself would take 'Day,Model' for the value that is the sum of the two.</summary>
internal static class EnumNames
{
    /// <summary>The value with this name. Numbers and lists are refused.</summary>
    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum
    {
        string? name = Array.Find(Enum.GetNames<T>(), name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
        value = name is null ? default : Enum.Parse<T>(name);
        return name is not null;
    }

    public static T One<T>(object? given)
        where T : struct, Enum
    {
        if (ArgumentText.Unwrap(given) is T value && Enum.IsDefined(value))
        {
            return value;
        }

        string text = ArgumentText.Of(given);
        string hint = text.Contains(',', StringComparison.Ordinal) ? " Only one can be given." : "";
        return TryParse(text, out T named)
            ? named
            : throw new ArgumentTransformationMetadataException($"'{text}' is not one of {List(Enum.GetNames<T>())}.{hint}");
    }

    /// <summary>The values that were given, in a list or with commas between them in a text.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="excluded">Values that cannot be chosen.</param>
    /// <param name="all">The name that means all values; null if there is none.</param>
    public static T[] Several<T>(object? given, IReadOnlyCollection<T> excluded, string? all = null)
        where T : struct, Enum
    {
        T[] known = [.. Enum.GetValues<T>().Except(excluded)];
        var values = new List<T>();
        foreach (object? item in LanguagePrimitives.GetEnumerable(given)?.Cast<object?>() ?? [given])
        {
            if (ArgumentText.Unwrap(item) is T value && known.Contains(value))
            {
                values.Add(value);
                continue;
            }

            foreach (string name in ArgumentText.Of(item).Split(',', StringSplitOptions.TrimEntries))
            {
                if (all is not null && name.Equals(all, StringComparison.OrdinalIgnoreCase))
                {
                    values.AddRange(known);
                }
                else if (TryParse(name, out value) && known.Contains(value))
                {
                    values.Add(value);
                }
                else
                {
                    IEnumerable<string> names = known.Select(one => one.ToString());
                    throw new ArgumentTransformationMetadataException($"'{name}' is not one of {List(all is null ? names : [.. names, all])}.");
                }
            }
        }

        return values.Count > 0 ? [.. values]
            : throw new ArgumentTransformationMetadataException("The list is empty: name at least one, or leave the parameter out.");
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
