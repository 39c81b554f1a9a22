namespace Opi;

/// <summary>
/// Reads the entries of a price file one by one. An entry that is not understood is left out, unless the caller wants all or nothing.
/// </summary>
/// <param name="strict">Whether one entry that is not understood refuses the file.</param>
internal sealed class EntryReader(bool strict)
{
    // LiteLLM's file has a dozen prices in a wrong unit among its thousands. Where they are more, it is the file that has another unit.
    private const int WrongUnitIn = 100;

    private readonly List<string> _skipped = [];
    private PriceEntryException? _firstWrongUnit;
    private int _wrongUnits;
    private int _count;

    /// <summary>The entries that were left out, each with the reason.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">Its name, for errors.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="PriceEntryException">It is not as it must be, and that refuses the file.</exception>
    public void Read(string entry, Action read)
    {
        try
        {
            _count++;
            read();
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or OverflowException or KeyNotFoundException)
        {
            string reason = error is KeyNotFoundException ? "it lacks a member that it must have" : error.Message.TrimEnd('.');
            var refusal = new PriceEntryException(entry, reason, error);
            if (strict)
            {
                throw refusal;
            }

            if (error is PriceUnitException)
            {
                _wrongUnits++;
                _firstWrongUnit ??= refusal;
            }

            _skipped.Add($"{entry}: {reason}");
        }
    }

    /// <summary>Asserts that the file's prices are in the unit that they must be in.</summary>
    /// <exception cref="PriceEntryException">More than a few are too high for it.</exception>
    public void CheckUnit()
    {
        if (_firstWrongUnit is { } first && _wrongUnits * WrongUnitIn > _count)
        {
            throw first;
        }
    }
}
