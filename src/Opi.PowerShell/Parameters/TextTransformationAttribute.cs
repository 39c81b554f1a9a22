using System.Management.Automation;
using System.Text;

namespace Opi.PowerShell;

/// <summary>
/// Takes text, and leaves a row of a pipeline to the binder, which looks for its property Text. Other objects are refused:
/// their text is mostly the name of their type.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the parameter is one text, so that a list is one of lines.</summary>
    public bool IsOne { get; set; }

    /// <summary>Whether null is allowed among the texts.</summary>
    public bool AllowNull { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentText.Unwrap(inputData);
        if (value is null || (IsText(value) && value is not PSObject))
        {
            return inputData;
        }

        object?[]? items = value is System.Collections.IDictionary || value is PSCustomObject ? null
            : LanguagePrimitives.GetEnumerable(value)?.Cast<object?>().Select(ArgumentText.Unwrap).ToArray();
        if (items is null || !Array.TrueForAll(items, item => item is null || IsText(item)))
        {
            object? wrong = items is null ? value : Array.Find(items, item => item is not null && !IsText(item));
            string message = wrong is PSCustomObject or System.Collections.IDictionary
                ? "A row is not text."
                : $"A {TypeText.Of(wrong!.GetType())} is not text: give the text that is in it.";
            throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
        }

        return IsOne ? string.Join(Environment.NewLine, items.Select(ArgumentText.Of))
            : AllowNull ? items.Select(item => item is null ? "" : ArgumentText.Of(item)).ToArray()
            : inputData;
    }

    /// <summary>Whether an object is text, or has one that says what it is.</summary>
    private static bool IsText(object value) => value is string or ValueType or Uri or Version or FileSystemInfo or StringBuilder;
}
