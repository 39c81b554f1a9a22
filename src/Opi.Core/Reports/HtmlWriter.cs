using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Opi;

/// <summary>
/// Writes a page of HTML. Text and attributes are escaped here and nowhere else; names of elements and attributes are the caller's own.
/// The page may load nothing and run nothing: its policy allows its own style sheet and images inside it.
/// </summary>
internal sealed class HtmlWriter : IDisposable
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"'");

    private readonly StreamWriter _output;
    private int _open; // elements that have no end tag yet
    private bool _hasMain;

    /// <summary>Writes to a stream, which stays open.</summary>
    public HtmlWriter(Stream stream) => _output = new StreamWriter(stream, bufferSize: 1 << 14, leaveOpen: true) { NewLine = "\n" };

    /// <summary>Begins the page, up to its body.</summary>
    public void BeginPage(string title, string styleSheet)
    {
        string css = styleSheet.ReplaceLineEndings("\n");
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)));
        _output.WriteLine("<!DOCTYPE html>");
        _output.WriteLine("<html lang=\"en\">");
        _output.WriteLine("<head>");
        _output.WriteLine("<meta charset=\"utf-8\" />");
        _output.WriteLine(
            $"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri "
                + $"'none'; form-action 'none'\" />");
        _output.WriteLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />");
        _output.WriteLine("<meta name=\"color-scheme\" content=\"light dark\" />");
        _output.WriteLine("<meta name=\"generator\" content=\"Opi\" />");
        Element("title", title);
        Line();
        _output.WriteLine($"<style>{css}</style>");
        _output.WriteLine("</head>");
        _output.WriteLine("<body>");
    }

    /// <summary>Begins the main part of the page, which ends with the page or before its footer: <see cref="EndMain"/>.</summary>
    public void BeginMain()
    {
        RequireClosed();
        _hasMain = true;
        _output.WriteLine("<main>");
    }

    /// <summary>Ends the main part, where it has begun.</summary>
    public void EndMain()
    {
        RequireClosed();
        if (_hasMain)
        {
            _hasMain = false;
            _output.WriteLine("</main>");
        }
    }

    /// <summary>Ends the page.</summary>
    /// <exception cref="InvalidOperationException">An element is still open: its block lacks a using.</exception>
    public void EndPage()
    {
        EndMain();
        _output.WriteLine("</body>");
        _output.WriteLine("</html>");
    }

    /// <summary>
    /// Begins an element on its own lines; the block of its <c>using</c> is its content. Attributes whose value is null are left out.
    /// </summary>
    public HtmlElement Block(string name, params ReadOnlySpan<(string Name, string? Value)> attributes) => Begin(name, attributes, endsLine: true);

    /// <summary>The same within a line.</summary>
    public HtmlElement Inline(string name, params ReadOnlySpan<(string Name, string? Value)> attributes) => Begin(name, attributes, endsLine: false);

    /// <summary>Writes an element without content.</summary>
    public HtmlWriter Empty(string name, params ReadOnlySpan<(string Name, string? Value)> attributes) => Tag(name, attributes, " />");

    /// <summary>Writes an element that holds only text.</summary>
    public HtmlWriter Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Tag(name, attributes, ">").Text(text).EndTag(name);

    /// <summary>Writes text.</summary>
    public HtmlWriter Text(string text)
    {
        ReadOnlySpan<char> rest = VisibleText.Of(text);
        int at;
        while ((at = rest.IndexOfAny(Special)) >= 0)
        {
            _output.Write(rest[..at]);
            _output.Write(rest[at] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                _ => "&#39;",
            });
            rest = rest[(at + 1)..];
        }

        _output.Write(rest);
        return this;
    }

    /// <summary>Ends the line of the source.</summary>
    public HtmlWriter Line()
    {
        _output.WriteLine();
        return this;
    }

    /// <summary>Passes on what was written.</summary>
    public void Dispose() => _output.Dispose();

    /// <summary>Ends an element; for <see cref="HtmlElement"/> alone.</summary>
    internal void End(string name, bool endsLine)
    {
        _open--;
        EndTag(name);
        if (endsLine)
        {
            _output.WriteLine();
        }
    }

    private HtmlElement Begin(string name, scoped ReadOnlySpan<(string Name, string? Value)> attributes, bool endsLine)
    {
        Tag(name, attributes, ">");
        _open++;
        return new HtmlElement(this, name, endsLine);
    }

    private HtmlWriter EndTag(string name)
    {
        _output.Write("</");
        _output.Write(name);
        _output.Write('>');
        return this;
    }

    private void RequireClosed()
    {
        if (_open != 0)
        {
            throw new InvalidOperationException($"{_open} elements of the page are still open.");
        }
    }

    private HtmlWriter Tag(string name, ReadOnlySpan<(string Name, string? Value)> attributes, string end)
    {
        _output.Write('<');
        _output.Write(name);
        foreach ((string attribute, string? value) in attributes)
        {
            if (value is not null)
            {
                _output.Write(' ');
                _output.Write(attribute);
                _output.Write("=\"");
                Text(value);
                _output.Write('"');
            }
        }

        _output.Write(end);
        return this;
    }
}
