using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes text, and does not take a row of a pipeline for text: the binder then looks for the row's own Text.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is PSObject { BaseObject: PSCustomObject }
            or System.Collections.IDictionary
            or PSObject { BaseObject: System.Collections.IDictionary }
            ? throw new ArgumentTransformationMetadataException("A row is no text.", new PSInvalidCastException("A row is no text."))
            : inputData;
}
