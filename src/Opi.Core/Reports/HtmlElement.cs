namespace Opi;

/// <summary>
/// An open element: disposing it writes its end tag. It lives on the stack only, and nothing else can write an end tag, so that
/// elements end in the order in which their blocks do, under the names they began with.
/// </summary>
internal ref struct HtmlElement
{
    private readonly string _name;
    private readonly bool _endsLine;
    private HtmlWriter? _html;

    internal HtmlElement(HtmlWriter html, string name, bool endsLine)
    {
        _html = html;
        _name = name;
        _endsLine = endsLine;
    }

    /// <summary>Writes the end tag, once.</summary>
    public void Dispose()
    {
        _html?.End(_name, _endsLine);
        _html = null;
    }
}
