namespace Opi;

/// <summary>Numbers texts, so that keys of them compare fast. Null has the number -1.</summary>
internal sealed class TextNumbers
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private string? _last;
    private int _lastNumber = -1;

    public int NumberOf(string? text)
    {
        if (!ReferenceEquals(text, _last))
        {
            _last = text;
            _lastNumber = text is null ? -1 : Find(text);
        }

        return _lastNumber;
    }

    public string? TextOf(long number) => number < 0 ? null : _texts[(int)number];

    private int Find(string text)
    {
        if (!_numbers.TryGetValue(text, out int number))
        {
            _numbers.Add(text, number = _texts.Count);
            _texts.Add(text);
        }

        return number;
    }
}
