using System.Buffers;
using System.Text;

namespace Opi;

/// <summary>
/// Makes foreign text harmless to show: line ends become LF, and control characters, with which a text could act on a terminal, become
/// their pictures. Those that turn the direction of what follows, so that a name or a command reads as another, become marks.
/// </summary>
internal static class VisibleText
{
    private const char ControlPictures = '\u2400';
    private const char DeletePicture = '\u2421';

    private static readonly SearchValues<char> Hidden = SearchValues.Create(Controls());

    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.AsSpan().IndexOfAny(Hidden);
        if (at < 0)
        {
            return text;
        }

        var visible = new StringBuilder(text.Length).Append(text, 0, at);
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '\r')
            {
                if (at + 1 == text.Length || text[at + 1] != '\n')
                {
                    visible.Append('\n');
                }

                continue;
            }

            visible.Append(!Hidden.Contains(c) ? c : c < ' ' ? (char)(ControlPictures + c) : c == '\u007F' ? DeletePicture : '\uFFFD');
        }

        return visible.ToString();
    }

    /// <summary>Controls, and what turns the direction of what follows it.</summary>
    private static string Controls()
    {
        var controls = new StringBuilder("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");
        for (char c = '\0'; c < '\u00A0'; c++)
        {
            if (char.IsControl(c) && c is not '\n' and not '\t')
            {
                controls.Append(c);
            }
        }

        return controls.ToString();
    }
}
