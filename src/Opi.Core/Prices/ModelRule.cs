using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// A rule that matches the names of a model or a provider, in the form of genai-prices. Names are compared in lower case.
/// </summary>
internal sealed class ModelRule
{
    private const int MaxDepth = 32;
    private const char Digit = '#';
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(25);
    private const string Signs = "|&=^$*#~"; // in the order of the kinds
    private static readonly string[] Names = ["or", "and", "equals", "starts_with", "ends_with", "contains", "shape", "regex"];

    private readonly ModelRuleKind _kind;
    private readonly string _text;
    private readonly ModelRule[] _parts;
    private string? _prefix;
    private Regex? _regex;
    private bool _isTooSlow;

    private ModelRule(ModelRuleKind kind, string text, ModelRule[] parts)
    {
        _kind = kind;
        _text = text;
        _parts = parts;
    }

    public static ModelRule For(string name) => new(ModelRuleKind.Equals, LowerCase.Of(name), []);

    /// <summary>A rule that is met where one of these is; null for none.</summary>
    public static ModelRule? AnyOf(IReadOnlyList<ModelRule> rules) =>
        rules.Count switch { 0 => null, 1 => rules[0], _ => new ModelRule(ModelRuleKind.Or, "", [.. rules]) };

    /// <summary>Reads the form of genai-prices: <c>{"starts_with":"claude-3"}</c>, or <c>{"or":[...]}</c>.</summary>
    /// <exception cref="FormatException">It is not a rule, or nests too deep.</exception>
    public static ModelRule Read(JsonElement json)
    {
        try
        {
            var cursor = new JsonCursor(Encoding.UTF8.GetBytes(json.GetRawText()));
            return Read(ref cursor, 0);
        }
        catch (WireException)
        {
            throw NoRule();
        }
    }

    private static ModelRule Read(ref JsonCursor json, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"its match rule nests deeper than {MaxDepth} levels");
        }

        ModelRule? rule = null;
        if (!json.AtObject())
        {
            throw NoRule();
        }

        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            int kind = Array.IndexOf(Names, name.ToString());
            if (rule is not null || kind < 0)
            {
                json.Skip();
            }
            else if ((ModelRuleKind)kind is ModelRuleKind.Or or ModelRuleKind.And)
            {
                rule = new ModelRule((ModelRuleKind)kind, "", ReadParts(ref json, depth));
            }
            else if (json.AtString())
            {
                rule = Make((ModelRuleKind)kind, json.ReadString().ToString());
            }
            else
            {
                json.Skip();
            }
        }

        return rule ?? throw NoRule();
    }

    /// <summary>
    /// Reads the form of a catalogue: a sign and a text, for example ^claude-3; or | or &amp;, the number of parts, and the parts, with spaces
    /// between them. A space in a text is %20. The first price of a process reads such rules, so there is no JSON in them.
    /// </summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static ModelRule Parse(string text)
    {
        string[] items = text.Split(' ');
        int at = 0;
        return Parse(items, ref at, 0);
    }

    private static ModelRule Parse(string[] items, ref int at, int depth)
    {
        if (at >= items.Length || items[at].Length == 0 || depth > MaxDepth)
        {
            throw new FormatException("a rule of the catalogue is not one");
        }

        string item = items[at++];
        int kind = Signs.IndexOf(item[0], StringComparison.Ordinal);
        if (kind < 0)
        {
            throw new FormatException("a rule of the catalogue is not one");
        }

        if (kind > (int)ModelRuleKind.And)
        {
            string own = item[1..];
            return new ModelRule((ModelRuleKind)kind, own.Contains('%', StringComparison.Ordinal) ? Unescaped(own) : own, []);
        }

        int count = 0;
        for (int i = 1; i < item.Length; i++)
        {
            count = (count * 10) + item[i] - '0';
        }

        var parts = new ModelRule[Math.Clamp(count, 0, items.Length)];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Parse(items, ref at, depth + 1);
        }

        return new ModelRule((ModelRuleKind)kind, "", parts);
    }

    private static string Unescaped(string text) =>
        text.Replace("%20", " ", StringComparison.Ordinal).Replace("%09", "\t", StringComparison.Ordinal)
            .Replace("%25", "%", StringComparison.Ordinal);

    /// <summary>Writes it as <see cref="Parse(string)"/> reads it.</summary>
    public void Write(StringBuilder text)
    {
        text.Append(Signs[(int)_kind]);
        if (_kind is ModelRuleKind.Or or ModelRuleKind.And)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{_parts.Length}");
            foreach (ModelRule part in _parts)
            {
                text.Append(' ');
                part.Write(text);
            }
        }
        else
        {
            text.Append(_text.Replace("%", "%25", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal)
                .Replace("\t", "%09", StringComparison.Ordinal));
        }
    }

    /// <summary>The exact names that match it: its own, or those of its alternatives.</summary>
    public IEnumerable<string> ExactNames => _kind switch
    {
        ModelRuleKind.Equals => [_text],
        ModelRuleKind.Or => _parts.SelectMany(part => part.ExactNames),
        _ => [],
    };

    /// <summary>Whether it is for one name only.</summary>
    public bool IsExact => _kind == ModelRuleKind.Equals;

    /// <summary>What is left of it without <see cref="ExactNames"/>; null for nothing.</summary>
    public ModelRule? WithoutExactNames => _kind switch
    {
        ModelRuleKind.Equals => null,
        ModelRuleKind.Or => AnyOf([.. _parts.Select(part => part.WithoutExactNames).OfType<ModelRule>()]),
        _ => this,
    };

    /// <summary>Asserts that all its patterns can be used.</summary>
    /// <exception cref="FormatException">One cannot.</exception>
    public void Validate()
    {
        foreach (ModelRule part in _parts)
        {
            part.Validate();
        }

        try
        {
            _ = _kind == ModelRuleKind.Regex ? Pattern() : null;
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"the regex '{_text}' is not valid", error);
        }
    }

    /// <summary>The part of the rule that the name meets; null when it meets none.</summary>
    /// <param name="name">A name in lower case.</param>
    /// <param name="isModel">
    /// Whether it is the name of a model. A rule for the beginning of one is not met by another version or variant: what begins with
    /// claude-sonnet-5 is claude-sonnet-5-20260901, but not claude-sonnet-5-5 or claude-sonnet-5-mini.
    /// </param>
    public ModelRule? Match(string name, bool isModel = false)
    {
        if (_kind == ModelRuleKind.Or)
        {
            foreach (ModelRule part in _parts)
            {
                if (part.Match(name, isModel) is { } met)
                {
                    return met;
                }
            }

            return null;
        }

        return IsMet(name) && !(isModel && IsOtherModel(name)) ? this : null;
    }

    public override string ToString() =>
        _parts.Length > 0 ? string.Join($" {Names[(int)_kind]} ", (object[])_parts) : $"{Names[(int)_kind]} '{_text}'";

    private static ModelRule[] ReadParts(ref JsonCursor json, int depth)
    {
        if (!json.AtArray())
        {
            throw NoRule();
        }

        var parts = new List<ModelRule>();
        json.BeginArray();
        while (json.NextElement())
        {
            parts.Add(Read(ref json, depth + 1));
        }

        return [.. parts];
    }

    private static ModelRule Make(ModelRuleKind kind, string text)
    {
        if (kind == ModelRuleKind.Regex)
        {
            return ShapeOf(text) is { } shape ? new ModelRule(ModelRuleKind.Shape, shape, []) : new ModelRule(kind, text, []);
        }

        return new ModelRule(kind, LowerCase.Of(text), []);
    }

    private static FormatException NoRule() =>
        new("a match rule is one of equals, starts_with, ends_with, contains and regex with a text, or or/and with rules");

    private bool IsMet(string name)
    {
        switch (_kind)
        {
            case ModelRuleKind.And:
                foreach (ModelRule part in _parts)
                {
                    if (part.Match(name) is null)
                    {
                        return false;
                    }
                }

                return true;
            case ModelRuleKind.Equals:
                return name == _text;
            case ModelRuleKind.StartsWith:
                return name.StartsWith(_text, StringComparison.Ordinal);
            case ModelRuleKind.EndsWith:
                return name.EndsWith(_text, StringComparison.Ordinal);
            case ModelRuleKind.Contains:
                return name.Contains(_text, StringComparison.Ordinal);
            case ModelRuleKind.Shape:
                return HasShape(name);
            default:
                return MeetsRegex(name);
        }
    }

    private bool IsOtherModel(string name)
    {
        int at = _kind switch
        {
            ModelRuleKind.StartsWith => 0,
            ModelRuleKind.Contains => name.IndexOf(_text, StringComparison.Ordinal),
            _ => -1,
        };
        return at >= 0 && ModelVariant.IsOther(_text, name.AsSpan(at + _text.Length));
    }

    private bool HasShape(string name)
    {
        if (name.Length != _text.Length)
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (_text[i] == Digit ? !char.IsAsciiDigit(name[i]) : _text[i] != name[i])
            {
                return false;
            }
        }

        return true;
    }

    private bool MeetsRegex(string name)
    {
        if (_isTooSlow || !name.StartsWith(_prefix ??= LiteralPrefix(_text), StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            return Pattern().IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            _isTooSlow = true; // one such name is not a model's, and the next would take as long
            return false;
        }
    }

    private Regex Pattern() => _regex ??= new Regex(_text, RegexOptions.CultureInvariant, TimeLimit);

    /// <summary>
    /// A regular expression of plain text and digits, as most price files have them for dates, as a shape; null for any other. The first use
    /// of a Regex costs more than all the rest of a lookup.
    /// </summary>
    private static string? ShapeOf(string pattern)
    {
        if (!pattern.StartsWith('^') || !pattern.EndsWith('$') || pattern.EndsWith(@"\$", StringComparison.Ordinal))
        {
            return null;
        }

        var shape = new StringBuilder();
        for (int i = 1; i < pattern.Length - 1; i++)
        {
            char c = pattern[i];
            if (c != '\\')
            {
                if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '/' or ':' or '_' or '@'))
                {
                    return null;
                }

                shape.Append(c);
                continue;
            }

            c = pattern[++i];
            if (c is '.' or '-' or '/')
            {
                shape.Append(c);
            }
            else if (c == 'd')
            {
                int count = 1;
                if (i + 3 < pattern.Length && pattern[i + 1] == '{' && char.IsAsciiDigit(pattern[i + 2]) && pattern[i + 3] == '}')
                {
                    count = pattern[i + 2] - '0';
                    i += 3;
                }

                shape.Append(Digit, count);
            }
            else
            {
                return null;
            }
        }

        return shape.ToString();
    }

    // Most names differ from a pattern where it is plain text.
    private static string LiteralPrefix(string pattern)
    {
        if (!pattern.StartsWith('^') || pattern.Contains('|', StringComparison.Ordinal))
        {
            return "";
        }

        int end = 1;
        while (end < pattern.Length && (char.IsAsciiLetterOrDigit(pattern[end]) || pattern[end] == '-'))
        {
            end++;
        }

        bool optional = end < pattern.Length && pattern[end] is '?' or '*' or '{';
        return pattern[1..Math.Max(1, optional ? end - 1 : end)];
    }
}
