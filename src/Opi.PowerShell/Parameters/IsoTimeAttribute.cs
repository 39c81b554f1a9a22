using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes times as ISO 8601 text, UTC where no offset is given, or as time objects. Without it a compiled cmdlet would read 03/04/2026 by
/// the culture of the machine.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IsoTimeAttribute : ArgumentTransformationAttribute
{
    /// <summary>The formats without an offset.</summary>
    internal static readonly string[] LocalFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    private static readonly string[] Formats =
        [
            "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK",
            "yyyy-MM-dd HH:mm:ssK"
        ];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            null or "" => null,
            string text when DateTimeOffset.TryParseExact(
                text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) => time,
            string text =>
                throw new ArgumentTransformationMetadataException($"'{text}' is not a time: write it as 2026-11-24 or 2026-11-24T13:45:00Z."),
            DateTime time => new DateTimeOffset(time),
            _ => inputData,
        };
}
