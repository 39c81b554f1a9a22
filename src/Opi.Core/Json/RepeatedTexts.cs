namespace Opi;

/// <summary>
/// Makes the same text of the same bytes, as long as few texts are repeated again and again: the models, folders and sessions in the lines of a
/// file. It holds a bounded number of them.
/// </summary>
internal sealed class RepeatedTexts
{
    private const int Slots = 1 << 10;
    private const int LongestKept = 256;

    private readonly (byte[] Raw, string Text)[] _known = new (byte[], string)[Slots];

    /// <summary>The text.</summary>
    /// <exception cref="System.Text.Json.JsonException">An escape in it is not valid.</exception>
    public string Read(JsonString text)
    {
        ReadOnlySpan<byte> raw = text.Raw;
        if (raw.Length > LongestKept)
        {
            return text.ToString();
        }

        var hash = default(HashCode);
        hash.AddBytes(raw);
        ref (byte[] Raw, string Text) known = ref _known[hash.ToHashCode() & (Slots - 1)];
        if (known.Raw is null || !raw.SequenceEqual(known.Raw))
        {
            known = (raw.ToArray(), text.ToString());
        }

        return known.Text;
    }
}
