using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Asks that a file or an address ends as an image does that a session can hold.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateImageAttribute : ValidateEnumeratedArgumentsAttribute
{
    protected override void ValidateElement(object element)
    {
        if (ImageContent.MediaTypeOf(element.ToString()!) is null)
        {
            throw new ValidationMetadataException($"'{element}' is not an image that a session can hold: use .png, .jpg, .jpeg, .gif or .webp.");
        }
    }
}
