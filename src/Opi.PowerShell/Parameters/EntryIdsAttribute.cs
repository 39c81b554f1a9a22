using System.Collections;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes ids of entries: as texts, as one text with commas, or as what Get-OpiEntry and Get-OpiContext give.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EntryIdsAttribute : ArgumentTransformationAttribute
{
    private const string EntryId = "EntryId";

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var ids = new List<string>();
        Add(inputData, ids);
        return ids.ToArray();
    }

    private static void Add(object? given, List<string> ids)
    {
        object? value = ArgumentText.Unwrap(given);
        switch (value)
        {
            case string text:
                ids.AddRange(text.Split(',', StringSplitOptions.TrimEntries));
                break;
            case OpiEntry entry:
                ids.Add(entry.Id);
                break;
            case IEnumerable items and not IDictionary:
                foreach (object? item in items)
                {
                    Add(item, ids);
                }

                break;
            default:
                ids.Add(
                    given is PSObject row && row.Properties[EntryId]?.Value is string id
                        ? id
                        : throw new ArgumentTransformationMetadataException(
                            $"{(value is null ? "Nothing" : "A " + TypeText.Of(value.GetType()))} is not an entry's id: give ids as Get-OpiEntry "
                                + "shows them, or its entries."));
                break;
        }
    }
}
