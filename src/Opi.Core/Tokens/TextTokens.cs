using System.Globalization;

namespace Opi;

/// <summary>
/// Estimates the tokens of a text without a tokenizer. One pass cuts the text where tokenizers of OpenAI's o200k kind do: at words with the
/// space before them, at changes from small to capital letters, into groups of three digits, runs of punctuation and of white space. What a
/// piece costs depends on its kind and length. The time is proportional to the length for any text.
/// The weights are fitted to o200k. They cannot be fitted again: the program and the texts of the fit were not kept. To change a weight, compare
/// before and after with TokenAccuracyTests and the benchmark <c>tokens</c>.
/// </summary>
internal ref struct TextTokens
{
    private const long Unit = 1000; // weights are in thousandths of a token

    // A word costs about one token, more where it is long, and where letters follow each other that seldom do: names, abbreviations, base64.
    private const int Word = 950;
    private const int WithoutSpace = 60;
    private const int BehindPunctuation = 355;
    private const int Capital = 50;
    private const int AllCapitals = 115;
    private const int CapitalsThenSmall = 780;
    private const int Contraction = 360;
    private const int FirstAccent = 270;
    private const int MoreAccents = 495;
    private static ReadOnlySpan<short> RarePairs => [0, 186, 500, 1272];
    private const int MoreRarePairs = 500;

    private const int CyrillicWord = 950;
    private const int CyrillicLetter = 167; // from the fourth on
    private const int OtherWord = 600;
    private const int OtherLetter = 300;

    private const int CjkRun = 310;
    private const int CjkBehindPunctuation = 560;
    private const int Han = 775;
    private const int RareHan = 2000;
    private const int Hiragana = 710;
    private const int Katakana = 715;
    private const int Hangul = 645;

    private static ReadOnlySpan<short> Marks => [1000, 37, 275, 438]; // of different marks in a run the first, the second, ...
    private const int MoreMarks = 656;
    private const int RepeatedMark = 30;
    private const int Symbol = 850;

    private const int LongestSpaces = 80; // as many make one token

    /// <summary>For each letter of the first 26 the letters that often follow it, as bits.</summary>
    private static ReadOnlySpan<int> CommonPairs =>
    [
        0x17EB94E, 0x1104B11, 0x01E4D95, 0x0144119, 0x1EFB87D, 0x01A4931, 0x0162991, 0x0084111, 0x22EF87F, 0x0040010, 0x0000010, 0x11C4919, 0x014D113,
        0x03CE17D, 0x07EFD6E, 0x11EC911, 0x0100000, 0x13E755D, 0x11CC195, 0x15EC195, 0x00EB91F, 0x0000111, 0x0064191, 0x0088000, 0x00C8000, 0x0000010,
    ];

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private long _cost;

    private TextTokens(ReadOnlySpan<char> text) => _text = text;

    private enum Kind
    {
        Latin,
        Cyrillic,
        Cjk,
        OtherLetter,
        Digit,
        Space,
        Mark,
    }

    private enum Lead
    {
        None,
        Space,
        Mark,
    }

    /// <summary>The tokens of a text, about; at least 1 where there is any.</summary>
    public static long Count(ReadOnlySpan<char> text)
    {
        var scan = new TextTokens(text);
        while (scan._at < text.Length)
        {
            scan.Next();
        }

        return text.IsEmpty ? 0 : Math.Max(1, (scan._cost + (Unit / 2)) / Unit);
    }

    private void Next()
    {
        switch (KindOf(_text[_at]))
        {
            case Kind.Digit:
                int digits = RunOf(Kind.Digit);
                _cost += (digits + 2) / 3 * Unit;
                break;
            case Kind.Space:
                Spaces();
                break;
            case Kind.Mark:
                Punctuation();
                break;
            default:
                Letters(Lead.None);
                break;
        }
    }

    /// <summary>White space: lines' ends are a token, the spaces behind them another, but the last space belongs to what follows.</summary>
    private void Spaces()
    {
        int start = _at, afterLine = _at;
        while (_at < _text.Length && KindOf(_text[_at]) == Kind.Space)
        {
            if (_text[_at++] is '\n' or '\r')
            {
                afterLine = _at;
            }
        }

        AddSpaces(afterLine - start);
        int rest = _at - afterLine;
        if (rest == 0)
        {
            return;
        }

        Kind next = _at < _text.Length ? KindOf(_text[_at]) : Kind.Space;
        AddSpaces(rest - (next == Kind.Space ? 0 : 1));
        switch (next)
        {
            case Kind.Space:
                break;
            case Kind.Digit:
                _cost += Unit;
                break;
            case Kind.Mark:
                _cost += _text[_at - 1] == ' ' ? 0 : Unit;
                Run();
                break;
            default:
                Letters(_text[_at - 1] == ' ' ? Lead.Space : Lead.Mark);
                break;
        }
    }

    private void AddSpaces(int count) => _cost += (count + LongestSpaces - 1) / LongestSpaces * Unit;

    /// <summary>A single mark before a letter belongs to the word, as a space does; else marks make a run.</summary>
    private void Punctuation()
    {
        if (_at + 1 < _text.Length && KindOf(_text[_at + 1]) < Kind.Digit)
        {
            _at++;
            Letters(Lead.Mark);
        }
        else
        {
            Run();
        }
    }

    private void Run()
    {
        char previous = '\0';
        int marks = 0;
        long cost = 0;
        for (; _at < _text.Length && KindOf(_text[_at]) == Kind.Mark; _at++)
        {
            char mark = _text[_at];
            cost += mark == previous ? RepeatedMark
                : mark >= 128 ? Symbol
                : marks < Marks.Length ? Marks[marks++]
                : MoreMarks;
            previous = mark;
        }

        while (_at < _text.Length && _text[_at] is '\n' or '\r')
        {
            _at++; // the end of the line belongs to the run
        }

        _cost += Math.Max(Unit, cost);
    }

    private void Letters(Lead lead)
    {
        switch (KindOf(_text[_at]))
        {
            case Kind.Latin:
                LatinWord(lead);
                break;
            case Kind.Cyrillic:
                int letters = RunOf(Kind.Cyrillic);
                _cost += CyrillicWord + (Math.Max(0, letters - 3) * CyrillicLetter) + (lead == Lead.Space ? 0 : BehindPunctuation);
                break;
            case Kind.Cjk:
                CjkRunOf(lead);
                break;
            default:
                _cost += OtherWord + (RunOf(Kind.OtherLetter) * OtherLetter);
                break;
        }
    }

    /// <summary>Capitals, then small letters: what follows as a capital is the next word.</summary>
    private void LatinWord(Lead lead)
    {
        int start = _at, capitals = 0, rare = 0, accents = 0, previous = -1;
        for (; _at < _text.Length; _at++)
        {
            char letter = _text[_at];
            int place = (letter | 0x20) - 'a';
            bool capital;
            if ((uint)place < 26 && letter < 128)
            {
                capital = letter < 'a';
            }
            else if (KindOf(letter) == Kind.Latin)
            {
                capital = char.IsUpper(letter);
                place = -1;
                accents++;
            }
            else
            {
                break;
            }

            if (capital && _at - start > capitals)
            {
                break;
            }

            capitals += capital ? 1 : 0;
            rare += place >= 0 && previous >= 0 && place != previous && (CommonPairs[previous] & (1 << place)) == 0 ? 1 : 0;
            previous = place;
        }

        int length = _at - start;
        _cost += Word
            + (Math.Max(0, length - 4) * 41) + (Math.Max(0, length - 9) * 82) + (Math.Max(0, length - 14) * 124)
            + (rare < RarePairs.Length ? RarePairs[rare] : RarePairs[^1] + ((rare - RarePairs.Length + 1) * MoreRarePairs))
            + (accents == 0 ? 0 : FirstAccent + ((accents - 1) * MoreAccents))
            + (lead == Lead.None ? WithoutSpace : lead == Lead.Mark && length > 1 ? BehindPunctuation : 0)
            + (capitals == 0 ? 0 : capitals == 1 ? Capital : capitals == length ? AllCapitals : CapitalsThenSmall);
        SkipContraction();
    }

    /// <summary>'s, 't, 're and their like stay with their word.</summary>
    private void SkipContraction()
    {
        ReadOnlySpan<char> rest = _text[_at..];
        if (rest.Length < 2 || rest[0] != '\'')
        {
            return;
        }

        int length = (rest[1] | 0x20) switch
        {
            's' or 't' or 'm' or 'd' => 2,
            'r' or 'v' when rest.Length > 2 && (rest[2] | 0x20) == 'e' => 3,
            'l' when rest.Length > 2 && (rest[2] | 0x20) == 'l' => 3,
            _ => 0,
        };
        if (length > 0 && (rest.Length == length || KindOf(rest[length]) != Kind.Latin))
        {
            _at += length;
            _cost += Contraction;
        }
    }

    private void CjkRunOf(Lead lead)
    {
        _cost += CjkRun + (lead == Lead.Mark ? CjkBehindPunctuation : 0);
        for (; _at < _text.Length && KindOf(_text[_at]) == Kind.Cjk; _at++)
        {
            _cost += _text[_at] switch
            {
                >= '\u3041' and <= '\u309F' => Hiragana,
                >= '\u30A0' and <= '\u30FF' => Katakana,
                >= '\u4E00' and <= '\u9FFF' => Han,
                >= '\u1100' and <= '\u11FF' or >= '\uAC00' and <= '\uD7AF' => Hangul,
                _ => RareHan,
            };
        }
    }

    private int RunOf(Kind kind)
    {
        int start = _at;
        while (_at < _text.Length && KindOf(_text[_at]) == kind)
        {
            _at++;
        }

        return _at - start;
    }

    private static Kind KindOf(char c)
    {
        if (c < 128)
        {
            return char.IsAsciiLetter(c) ? Kind.Latin
                : char.IsAsciiDigit(c) ? Kind.Digit
                : c is ' ' or (>= '\t' and <= '\r') ? Kind.Space
                : Kind.Mark;
        }

        return char.GetUnicodeCategory(c) switch
        {
            <= UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => LettersOf(c),
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Kind.Space,
            _ => c == '\u0085' ? Kind.Space : Kind.Mark,
        };
    }

    private static Kind LettersOf(char c) => c switch
    {
        < '\u0250' or (>= '\u0300' and < '\u0370') or (>= '\u1E00' and < '\u1F00') => Kind.Latin,
        >= '\u0400' and < '\u0530' => Kind.Cyrillic,
        (>= '\u1100' and <= '\u11FF')
            or (>= '\u3005' and <= '\uA4CF')
            or (>= '\uAC00' and <= '\uD7FF')
            or (>= '\uF900' and <= '\uFAFF')
            or (>= '\uFF66' and <= '\uFFDC') => Kind.Cjk,
        _ => Kind.OtherLetter,
    };
}
