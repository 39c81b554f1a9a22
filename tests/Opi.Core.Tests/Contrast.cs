using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi.Tests;

/// <summary>The contrast of colours, as WCAG 2 defines it.</summary>
internal static class Contrast
{
    /// <summary>A colour of a style sheet, which has the light ones first and the dark ones after them.</summary>
    public static string Colour(string css, string name, bool dark) =>
        Regex.Matches(css, $"--{name}: (#[0-9a-f]{{6}})").Select(match => match.Groups[1].Value).ElementAt(dark ? 1 : 0);

    /// <summary>The contrast of two colours, from 1 to 21.</summary>
    public static double Of(string left, string right)
    {
        double[] light = [Luminance(left), Luminance(right)];
        return (light.Max() + 0.05) / (light.Min() + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Part(int at)
        {
            double part = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }
}
