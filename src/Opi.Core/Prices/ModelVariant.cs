namespace Opi;

/// <summary>Distinguishes a name's date or release from another model's name.</summary>
internal static class ModelVariant
{
    private const int DigitsOfYear = 4;

    // Each of these is a separate model with its own price.
    private static readonly string[] Words =
        ["mini", "nano", "lite", "pro", "ultra", "image", "audio", "tts", "live", "realtime", "search", "fast", "turbo", "flash", "highspeed"];

    /// <summary>Whether what follows a model's name makes it another model's.</summary>
    /// <param name="model">The name that a rule knows.</param>
    /// <param name="rest">What follows it.</param>
    public static bool IsOther(string model, ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        if (GoesOn(model, rest[0]))
        {
            return true;
        }

        // claude-opus-5 and -7: a version. A date has more digits, a release as -v1 a letter.
        if (model.Length > 0 && char.IsAsciiDigit(model[^1]) && rest[0] is '-' or '.')
        {
            int digits = 1;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            {
                digits++;
            }

            if (digits is 2 or 3 && !IsMonthAndDay(rest) && (digits == rest.Length || rest[digits] is '-' or '.' or ':' or '@' or '['))
            {
                return true;
            }
        }

        foreach (string word in Words)
        {
            int at = rest.IndexOf(word, StringComparison.Ordinal);
            if (at > 0 && rest[at - 1] is '-' or '.' or '_' && !model.Contains(word, StringComparison.Ordinal)
                && (at + word.Length == rest.Length || !char.IsAsciiLetterOrDigit(rest[at + word.Length])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a word or a number goes on, as in claude-sonnet-4-51 and deepseek-r1t. A rule may end within a date, or behind the zero that
    /// one begins with.
    /// </summary>
    private static bool GoesOn(string model, char next)
    {
        if (model.Length == 0 || !char.IsAsciiLetterOrDigit(model[^1]) || !char.IsAsciiLetterOrDigit(next))
        {
            return false;
        }

        if (!char.IsAsciiDigit(model[^1]) || !char.IsAsciiDigit(next))
        {
            return char.IsAsciiLetter(next);
        }

        string number = model[(model.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];
        return number.Length < DigitsOfYear && number[0] != '0';
    }

    /// <summary>Whether a text begins as -04-17.</summary>
    private static bool IsMonthAndDay(ReadOnlySpan<char> rest) =>
        rest.Length >= 6 && rest[3] == '-' && char.IsAsciiDigit(rest[1]) && char.IsAsciiDigit(rest[2])
        && char.IsAsciiDigit(rest[4]) && char.IsAsciiDigit(rest[5]) && (rest.Length == 6 || !char.IsAsciiDigit(rest[6]));
}
