using System.Text;

namespace Opi;

/// <summary>Names in lower case. Names are ASCII, and the framework's own way would load the tables of all languages for them.</summary>
internal static class LowerCase
{
    public static string Of(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('A', 'Z') < 0 && Ascii.IsValid(text))
        {
            return text;
        }

#pragma warning disable CA1308 // lower case is what the rules are in
        return Ascii.IsValid(text)
            ? string.Create(text.Length, text, static (span, from) => Ascii.ToLower(from, span, out _))
            : text.ToLowerInvariant();
#pragma warning restore CA1308
    }
}
