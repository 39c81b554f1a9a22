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
    /// <summary>The names that can be given.</summary>
    public IEnumerable<string> Names => [.. Enum.GetValues<UsageSource>().Except(excluded).Select(source => source.ToString()), UsageReading.All];

    /// <summary>The names, each once. All stays a name: what it stands for need not be there, as what is named must.</summary>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        UsageSource[] sources = [.. EnumNames.Several(inputData, excluded, UsageReading.All).Distinct()];
        string[] named =
        [
            .. (LanguagePrimitives.GetEnumerable(inputData)?.Cast<object?>() ?? [inputData])
                .SelectMany(item => ArgumentText.Of(item).Split(',', StringSplitOptions.TrimEntries)),
        ];
        return named.Any(name => name.Equals(UsageReading.All, StringComparison.OrdinalIgnoreCase))
            ?
            [
                .. sources.Select(source => source.ToString()).Where(source => named.Contains(source, StringComparer.OrdinalIgnoreCase)),
                UsageReading.All
            ]
            : sources.Select(source => source.ToString()).ToArray();
    }
}
