namespace Opi.PowerShell;

/// <summary>The name of a type as people write it.</summary>
internal static class TypeText
{
    /// <summary>The full name, with the arguments of a generic type in brackets.</summary>
    public static string Of(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.FullName ?? type.Name;
        }

        string name = type.GetGenericTypeDefinition().FullName ?? type.Name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return $"{(tick < 0 ? name : name[..tick])}[{string.Join(", ", type.GetGenericArguments().Select(Of))}]";
    }

    /// <summary>Whether a type, or one that it derives from, has this full name.</summary>
    public static Type? BaseNamed(Type type, string fullName)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            if (Plain(at) == fullName)
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>Whether a type, or one of its bases, is in a namespace or below it.</summary>
    public static bool IsIn(Type type, string space)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            if (at.Namespace == space || at.Namespace?.StartsWith(space + ".", StringComparison.Ordinal) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The full name without the arguments of a generic type.</summary>
    private static string Plain(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;
}
