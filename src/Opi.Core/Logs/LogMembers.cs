namespace Opi;

/// <summary>Goes through the members of an object in a log.</summary>
internal ref struct LogMembers
{
    private readonly bool _isObject;
    private JsonCursor _json;

    /// <summary>Begins before the first member.</summary>
    public LogMembers(ReadOnlySpan<byte> raw)
    {
        _json = new JsonCursor(raw, lenient: true);
        _isObject = raw.Length > 0 && raw[0] == (byte)'{';
        if (_isObject)
        {
            _json.BeginObject();
        }
    }

    /// <summary>The member.</summary>
    public LogMember Current { get; private set; }

    /// <summary>Itself, for foreach.</summary>
    public readonly LogMembers GetEnumerator() => this;

    /// <summary>Goes on to the next member.</summary>
    public bool MoveNext()
    {
        if (!_isObject || !_json.NextProperty(out JsonString name))
        {
            return false;
        }

        Current = new LogMember(name, new LogValue(_json.Skip()));
        return true;
    }
}
