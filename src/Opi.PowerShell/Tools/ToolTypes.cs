using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Reflection;

namespace Opi.PowerShell;

/// <summary>What a parameter's type is to a model: a list, a table, a record with members, or a single value.</summary>
internal static class ToolTypes
{
    private static readonly Type[] Lists =
    [
        typeof(List<>), typeof(IList<>), typeof(ICollection<>), typeof(IEnumerable<>), typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>),
        typeof(Collection<>), typeof(HashSet<>), typeof(ISet<>),
    ];

    private static readonly Type[] PlainLists = [typeof(Array), typeof(ArrayList), typeof(IList), typeof(ICollection), typeof(IEnumerable)];

    private static readonly Type[] Tables =
        [typeof(Dictionary<,>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(SortedDictionary<,>)];

    private static readonly Type[] PlainTables = [typeof(Hashtable), typeof(IDictionary), typeof(OrderedDictionary)];

    public static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>The type of a list's items; null for a type that is not a list.</summary>
    public static Type? ItemOf(Type type) =>
        type.IsArray ? type.GetElementType()
            : PlainLists.Contains(type) ? typeof(object)
            : IsOf(type, Lists) ? type.GetGenericArguments()[0]
            : null;

    /// <summary>The type of a table's values; null for a type that is not a table.</summary>
    public static Type? ValueOf(Type type) =>
        PlainTables.Contains(type) ? typeof(object)
            : IsOf(type, Tables) && type.GetGenericArguments()[0] == typeof(string) ? type.GetGenericArguments()[1]
            : null;

    /// <summary>Whether a value of any kind is taken.</summary>
    public static bool IsAny(Type type) => type == typeof(object) || type == typeof(PSObject);

    /// <summary>
    /// The members of a class that PowerShell can make from a table, which needs a constructor without parameters. Null for other types. Classes of
    /// the framework are excluded: what setting their members does is not known.
    /// </summary>
    public static IReadOnlyList<PropertyInfo>? MembersOf(Type type)
    {
        bool isForeign = TypeText.IsIn(type, "Microsoft") || type.Namespace?.Split('.')[0] == "System";
        if (isForeign || type.IsAbstract || type.IsPrimitive || type.IsEnum || type.IsGenericTypeDefinition
            || (!type.IsValueType && type.GetConstructor(Type.EmptyTypes) is null))
        {
            return null;
        }

        PropertyInfo[] members =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member =>
                member.GetSetMethod() is not null && member.GetIndexParameters().Length == 0
                    && !member.GetCustomAttributes(inherit: true).OfType<HiddenAttribute>().Any()),
        ];
        return members.Length == 0 ? null : members;
    }

    private static bool IsOf(Type type, Type[] definitions) => type.IsGenericType && definitions.Contains(type.GetGenericTypeDefinition());
}
