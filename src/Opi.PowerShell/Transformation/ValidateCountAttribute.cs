using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Asks that a count is not negative. Unlike ValidateRange it lets an empty cell of a CSV file, which is no count, pass.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateCountAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is long and < 0)
        {
            throw new ValidationMetadataException($"{arguments} is less than 0; a count of tokens is 0 or more.");
        }
    }
}
