using System.Collections;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes rows of Get-OpiUsage, also those that came from another machine, from Import-Clixml or from Import-Csv.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UsageRowAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Columns = [.. typeof(OpiUsage).GetProperties().Select(property => property.Name)];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var row = PSObject.AsPSObject(inputData ?? throw Refuse("There is no row: the value is null.", null));
        if (row.BaseObject is OpiUsage usage)
        {
            return usage;
        }

        if (row.Properties[nameof(OpiUsage.InputTokens)] is null)
        {
            throw Refuse($"A row is what Get-OpiUsage gives; this is a {row.BaseObject.GetType().Name} without InputTokens.", null);
        }

        var columns = new Hashtable();
        foreach (string column in Columns)
        {
            if (row.Properties[column]?.Value is { } value && value is not "")
            {
                columns[column] = WithoutShell(value);
            }
        }

        try
        {
            return LanguagePrimitives.ConvertTo<OpiUsage>(columns);
        }
        catch (PSInvalidCastException error)
        {
            throw Refuse($"A row of usage cannot be read: {error.Message}", error);
        }
    }

    /// <summary>A time that was serialised comes back as an object with the properties of one.</summary>
    private static object WithoutShell(object value) =>
        value is PSObject shell && shell.Properties[nameof(DateTimeOffset.UtcDateTime)]?.Value is DateTime time
            ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))
            : value;

    private static ArgumentTransformationMetadataException Refuse(string message, Exception? inner) => new(message, inner);
}
