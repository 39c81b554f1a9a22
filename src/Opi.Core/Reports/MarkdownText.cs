using System.Buffers;
using System.Text;

namespace Opi;

/// <summary>Foreign text in Markdown.</summary>
internal static class MarkdownText
{
    /// <summary>The characters with which markup can begin.</summary>
    public static readonly SearchValues<char> Markup = SearchValues.Create("\\`*_{}[]<>#|~&$!");

    /// <summary>The text within a line or a cell of a table: what could be markup is escaped.</summary>
    public static string Inline(string text) => Escape(VisibleText.Of(text).Replace('\n', ' '));

    /// <summary>The text with each character of markup escaped.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (Markup.Contains(c))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
