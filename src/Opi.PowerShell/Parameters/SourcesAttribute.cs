using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes the names of sources, as <see cref="NamesAttribute{T}"/> does, and All for every one. The parameter is of text, because the shell
/// completes one of an enum by itself, and does not know All.
/// </summary>
/// <param name="excluded">Sources that cannot be given here.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SourcesAttribute(params UsageSource[] excluded) : ArgumentTransformationAttribute
{
    // There is no log of an unknown agent.
    private readonly string[] _excluded = [.. Array.ConvertAll(excluded, source => source.ToString()), nameof(UsageSource.Other)];

    public IEnumerable<string> Names => [.. Enum.GetNames<UsageSource>().Except(_excluded), UsageReading.All];

    /// <summary>All stays the word that it is: it names no source by itself, and the logs of each need not be there.</summary>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        string[] sources = EnumNames.Several(typeof(UsageSource), inputData, _excluded, UsageReading.All);
        string[] given =
        [
            .. (LanguagePrimitives.GetEnumerable(inputData)?.Cast<object?>() ?? [inputData])
                .SelectMany(item => ArgumentText.Of(item).Split(',', StringSplitOptions.TrimEntries)),
        ];
        return given.Contains(UsageReading.All, StringComparer.OrdinalIgnoreCase)
            ? [UsageReading.All, .. sources.Where(source => given.Contains(source, StringComparer.OrdinalIgnoreCase)).Distinct()]
            : sources.Distinct().ToArray();
    }
}
