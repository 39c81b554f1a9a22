using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes a time zone by its id, as Europe/Berlin, or by its offset from UTC, as +01:00.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeZoneTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Offsets = [@"hh\:mm", @"h\:mm", "hh", "%h", "hhmm"];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            TimeZoneInfo zone => zone,
            TimeSpan offset => OfOffset(offset),
            string text when TryOffset(text, out TimeSpan offset) => OfOffset(offset),
            string text when TimeZoneInfo.TryFindSystemTimeZoneById(text, out TimeZoneInfo? zone) => zone,
            { } other => throw new ArgumentTransformationMetadataException(
                $"This system knows no time zone '{other}': give an id as {Example}, UTC, or an offset as +01:00."),
            null => null,
        };

    /// <summary>An id that this system knows: Windows without ICU has only Windows ids.</summary>
    private static string Example =>
        Array.Find(["Europe/Berlin", "W. Europe Standard Time"], id => TimeZoneInfo.TryFindSystemTimeZoneById(id, out _)) ?? TimeZoneInfo.Local.Id;

    private static bool TryOffset(string text, out TimeSpan offset)
    {
        offset = default;
        if (
            text.Length == 0
                || text[0] is not '+' and not '-'
                || !TimeSpan.TryParseExact(text[1..], Offsets, CultureInfo.InvariantCulture, out TimeSpan size)
                || size > TimeSpan.FromHours(14))
        {
            return false;
        }

        offset = text[0] == '-' ? -size : size;
        return true;
    }

    private static TimeZoneInfo OfOffset(TimeSpan offset)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
        return TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }
}
