using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes a response that Get-OpiUsage gave here, and one that came from another machine, from CLIXML, JSON or CSV.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UsageTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Needed =
    [
        nameof(OpiUsage.Timestamp), nameof(OpiUsage.Source), nameof(OpiUsage.Model), nameof(OpiUsage.InputTokens), nameof(OpiUsage.OutputTokens)
    ];

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is OpiUsage)
        {
            return value;
        }

        if (inputData is not PSObject row || Needed.Any(name => row.Properties[name] is null))
        {
            string message = $"A response is a row of Get-OpiUsage; this is a {value?.GetType().Name ?? "null"}.";
            throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
        }

        try
        {
            return Read(row);
        }
        catch (Exception error) when (error is PSInvalidCastException or FormatException or OverflowException)
        {
            throw new ArgumentTransformationMetadataException($"A row of usage has a value that is none: {error.Message}", error);
        }
    }

    private static OpiUsage Read(PSObject row)
    {
        long input = Count(row, nameof(OpiUsage.InputTokens)) ?? 0;
        long output = Count(row, nameof(OpiUsage.OutputTokens)) ?? 0;
        long cacheRead = Count(row, nameof(OpiUsage.CacheReadTokens)) ?? 0;
        long cacheWrite = Count(row, nameof(OpiUsage.CacheWriteTokens)) ?? 0;
        var usage = new OpiUsage
        {
            Timestamp = Time(row),
            Source = Convert<UsageSource?>(row, nameof(OpiUsage.Source)) ?? default,
            SessionId = Text(row, nameof(OpiUsage.SessionId)),
            Project = Text(row, nameof(OpiUsage.Project)),
            Model = Text(row, nameof(OpiUsage.Model)),
            Provider = Text(row, nameof(OpiUsage.Provider)),
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = cacheRead,
            CacheWriteTokens = cacheWrite,
            CacheWrite1hTokens = Count(row, nameof(OpiUsage.CacheWrite1hTokens)),
            ReasoningTokens = Count(row, nameof(OpiUsage.ReasoningTokens)),
            TotalTokens = new Usage(input, output, cacheRead, cacheWrite).TotalTokens,
            Cost = Convert<decimal?>(row, nameof(OpiUsage.Cost)),
            Priced = Flag(row, nameof(OpiUsage.Priced)) ?? false,
            IsSidechain = Flag(row, nameof(OpiUsage.IsSidechain)) ?? false,
            Tier = Convert<ServiceTier?>(row, nameof(OpiUsage.Tier)) ?? default,
            WebSearches = (int)(Count(row, nameof(OpiUsage.WebSearches)) ?? 0),
            ResponseId = Text(row, nameof(OpiUsage.ResponseId)),
            Path = Text(row, nameof(OpiUsage.Path)),
            Turn = (int)(Count(row, nameof(OpiUsage.Turn)) ?? 0),
        };
        return Flag(row, nameof(OpiUsage.HasUsage)) == false ? usage.WithoutUsage() : usage;
    }

    private static object? Value(PSObject row, string name) =>
        row.Properties[name]?.Value switch
        {
            null or "" => null,
            PSObject { BaseObject: not PSCustomObject } wrapped when wrapped.BaseObject is string or ValueType => wrapped.BaseObject,
            { } value => value,
        };

    private static string? Text(PSObject row, string name) => Value(row, name)?.ToString();

    private static long? Count(PSObject row, string name) => Convert<long?>(row, name);

    /// <summary>Whether something is so. The shell takes every text for true, also the False of a CSV file.</summary>
    private static bool? Flag(PSObject row, string name) =>
        Value(row, name) is string text ? bool.Parse(text) : Convert<bool?>(row, name);

    private static T? Convert<T>(PSObject row, string name) =>
        Value(row, name) is { } value ? (T)LanguagePrimitives.ConvertTo(value, typeof(T), CultureInfo.InvariantCulture) : default;

    /// <summary>A time; one with an offset arrives from another machine as the list of its properties.</summary>
    private static DateTimeOffset? Time(PSObject row) => Value(row, nameof(OpiUsage.Timestamp)) switch
    {
        null => null,
        DateTimeOffset time => time,
        DateTime time => new DateTimeOffset(time),
        PSObject bag when bag.Properties[nameof(DateTimeOffset.UtcTicks)]?.Value is long ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        { } other => DateTimeOffset.Parse(other.ToString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
    };
}
