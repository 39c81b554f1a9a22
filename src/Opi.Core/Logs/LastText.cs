namespace Opi;

/// <summary>Keeps the text that was read last, since in a log the same session, folder and model follow each other.</summary>
internal struct LastText()
{
    private byte[] _raw = [];
    private int _length;
    private string? _text;

    /// <summary>The text; null when there is none or it is empty.</summary>
    public string? Read(JsonString text)
    {
        if (text.Raw.IsEmpty)
        {
            return null;
        }

        if (_text is null || !text.Raw.SequenceEqual(_raw.AsSpan(0, _length)))
        {
            _length = text.Raw.Length;
            _raw = _raw.Length < _length ? new byte[_length] : _raw;
            text.Raw.CopyTo(_raw);
            _text = LogText.Read(text);
        }

        return _text;
    }
}
