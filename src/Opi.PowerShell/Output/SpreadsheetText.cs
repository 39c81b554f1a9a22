using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;

namespace Opi.PowerShell;

/// <summary>
/// Makes the texts of a row safe for spreadsheets, which take a cell that begins with = + - or @ for a formula: an apostrophe before it says
/// that it is text. The names in a row are foreign; a log can call its model =cmd|...
/// </summary>
internal static class SpreadsheetText
{
    private const char Mark = '\'';

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Texts = new();

    public static OpiUsage Protect(OpiUsage usage) => WithSafeTexts(usage with { });

    /// <summary>A copy of a row of costs with safe texts, its keys among them.</summary>
    public static PSObject Protect(PSObject row)
    {
        if (row.BaseObject is not OpiCost cost)
        {
            return row;
        }

        OpiCost safe = WithSafeTexts(cost with { });
        BarScale.Of(cost)?.Note(safe);
        var copy = new PSObject(safe);
        foreach (PSNoteProperty note in row.Properties.OfType<PSNoteProperty>())
        {
            copy.Properties.Add(new PSNoteProperty(note.Name, note.Value is string text ? Protect(text) : note.Value));
        }

        copy.TypeNames.Clear();
        foreach (string name in row.TypeNames)
        {
            copy.TypeNames.Add(name);
        }

        ShownProperties.Copy(row, copy);
        return copy;
    }

    /// <summary>The text with an apostrophe before it where a spreadsheet would take it for a formula, or for one that is safe already.</summary>
    public static string Protect(string text) => IsDangerous(text) ? Mark + text : text;

    /// <summary>What <see cref="Protect(string)"/> was given.</summary>
    public static string Plain(string text) => text.StartsWith(Mark) && IsDangerous(text) ? text[1..] : text;

    private static bool IsDangerous(string text) =>
        text.TrimStart(Mark) is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..];

    /// <summary>Every text that a row has, so that a later column is not forgotten.</summary>
    private static T WithSafeTexts<T>(T copy)
        where T : class
    {
        foreach (PropertyInfo property in Texts.GetOrAdd(copy.GetType(), TextsOf))
        {
            if (property.GetValue(copy) is string text && IsDangerous(text))
            {
                property.SetValue(copy, Protect(text));
            }
        }

        return copy;
    }

    private static PropertyInfo[] TextsOf(Type type) =>
        [.. type.GetProperties().Where(property => property.PropertyType == typeof(string) && property.CanWrite)];
}
