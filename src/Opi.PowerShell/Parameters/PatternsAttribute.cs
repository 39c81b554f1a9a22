using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes patterns of names: a list, or a text with commas, as pwsh -File passes a list. A name can contain a comma, so such
/// a text matches as a whole and by its parts; in brackets, as [,], a comma is only a comma. An invalid pattern is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PatternsAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        string[] patterns =
        [
            .. (LanguagePrimitives.GetEnumerable(inputData)?.Cast<object?>() ?? [inputData])
                .Select(ArgumentText.Of)
                .SelectMany(text => Parts(text) is { Count: > 1 } parts ? parts.Where(part => part.Length > 0).Prepend(text) : [text])
        ];
        try
        {
            _ = new ModelFilter(patterns); // which reads them
            return patterns.Length > 0 && !Array.Exists(patterns, string.IsNullOrWhiteSpace)
                ? patterns
                : throw new ArgumentTransformationMetadataException("A pattern is empty: name what is wanted, or leave the parameter out.");
        }
        catch (InvalidWildcardException error)
        {
            throw new ArgumentTransformationMetadataException(error.Message, error);
        }
    }

    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        int begin = 0;
        bool inSet = false;
        for (int i = 0; i < text.Length; i++)
        {
            inSet = text[i] == '[' || (inSet && text[i] != ']');
            if (text[i] == ',' && !inSet)
            {
                parts.Add(text[begin..i].Trim());
                begin = i + 1;
            }
        }

        parts.Add(text[begin..].Trim());
        return parts;
    }
}
