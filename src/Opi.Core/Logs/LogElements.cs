namespace Opi;

/// <summary>Goes through the elements of an array in a log.</summary>
internal ref struct LogElements
{
    private readonly bool _isArray;
    private JsonCursor _json;

    /// <summary>Begins before the first element.</summary>
    public LogElements(ReadOnlySpan<byte> raw)
    {
        _json = new JsonCursor(raw, lenient: true);
        _isArray = raw.Length > 0 && raw[0] == (byte)'[';
        if (_isArray)
        {
            _json.BeginArray();
        }
    }

    /// <summary>The element.</summary>
    public LogValue Current { get; private set; }

    /// <summary>Itself, for foreach.</summary>
    public readonly LogElements GetEnumerator() => this;

    /// <summary>Goes on to the next element.</summary>
    public bool MoveNext()
    {
        if (!_isArray || !_json.NextElement())
        {
            return false;
        }

        Current = new LogValue(_json.Skip());
        return true;
    }
}
