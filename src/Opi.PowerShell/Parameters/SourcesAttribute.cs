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

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        EnumNames.Several(inputData, excluded, UsageReading.All).Select(source => source.ToString()).Distinct().ToArray();
}
