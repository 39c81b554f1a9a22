using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes the names of sources, as <see cref="NamesAttribute{T}"/> does, and All for every one.</summary>
/// <param name="excluded">Sources that cannot be given here.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SourcesAttribute(params UsageSource[] excluded) : ArgumentTransformationAttribute
{
    /// <summary>The name that stands for every source.</summary>
    public const string All = "All";

    /// <summary>The names that can be given.</summary>
    public IEnumerable<string> Names => [.. Enum.GetValues<UsageSource>().Except(excluded).Select(source => source.ToString()), All];

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        EnumNames.Several(inputData, excluded, All).Distinct().ToArray();
}
