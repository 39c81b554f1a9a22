using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Opi;

/// <summary>
/// Escapes strings as serde_json does, so that a file written here is byte for byte what opi would write: the quote, the backslash and
/// U+0000 to U+001F are escaped (with <c>\b \t \n \f \r</c> where there is a short form, else <c>\u00xx</c> in lowercase); all else is raw.
/// A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
/// </summary>
internal sealed unsafe class SerdeEncoder : JavaScriptEncoder
{
    public static readonly SerdeEncoder Instance = new();

    // The surrogates are in the set so that the base class looks at them: it leaves pairs alone and replaces halves.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\', .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    private SerdeEncoder()
    {
    }

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    public override int FindFirstCharacterToEncode(char* text, int textLength) =>
        new ReadOnlySpan<char>(text, textLength).IndexOfAny(Escaped);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        Span<char> output = new(buffer, bufferLength);
        ReadOnlySpan<char> text = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            < 0x20 => $"\\u{unicodeScalar:x4}",
            _ => new Rune(unicodeScalar).ToString(),
        };
        bool fits = text.TryCopyTo(output);
        numberOfCharactersWritten = fits ? text.Length : 0;
        return fits;
    }
}
