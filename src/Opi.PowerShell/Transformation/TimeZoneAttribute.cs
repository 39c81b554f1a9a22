using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes the id of a time zone, of IANA or of Windows, for a time zone.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeZoneAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string id)
        {
            return value;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone)
            ? zone
            : throw new ArgumentTransformationMetadataException($"'{id}' is no time zone of this machine: write it as Europe/Berlin or UTC; Get-TimeZone -ListAvailable lists them.");
    }
}
