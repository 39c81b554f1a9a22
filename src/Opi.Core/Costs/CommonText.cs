namespace Opi;

/// <summary>The text that all responses of a group have in common.</summary>
internal struct CommonText
{
    private bool _has;
    private bool _differs;
    private string? _text;

    /// <summary>The text; null when there was none, or when they differ.</summary>
    public readonly string? Value => _differs ? null : _text;

    public void Add(string? text)
    {
        if (!_has)
        {
            (_text, _has) = (text, true);
        }
        else if (!_differs && text != _text)
        {
            _differs = true;
        }
    }
}
