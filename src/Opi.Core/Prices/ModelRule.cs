using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>A rule of genai-prices that tells which names are a model's, or a provider's. Names are compared in lower case.</summary>
internal sealed class ModelRule
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    private readonly string _kind;
    private readonly string _text;
    private readonly ModelRule[] _parts;
    private string? _prefix;
    private Regex? _regex;

    private ModelRule(string kind, string text, ModelRule[] parts)
    {
        _kind = kind;
        _text = text;
        _parts = parts;
    }

    /// <summary>A rule for exactly this name.</summary>
    public static ModelRule For(string name) => new("equals", LowerCase.Of(name), []);

    /// <summary>Reads the form of genai-prices: <c>{"starts_with":"claude-3"}</c>, or <c>{"or":[...]}</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ModelRule Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in json.EnumerateObject())
            {
                switch (property.Name)
                {
                    case "or" or "and" when property.Value.ValueKind == JsonValueKind.Array:
                        var parts = new ModelRule[property.Value.GetArrayLength()];
                        for (int i = 0; i < parts.Length; i++)
                        {
                            parts[i] = Read(property.Value[i]);
                        }

                        return new ModelRule(property.Name, "", parts);
                    case "equals" or "starts_with" or "ends_with" or "contains" when property.Value.ValueKind == JsonValueKind.String:
                        return new ModelRule(property.Name, LowerCase.Of(property.Value.GetString()!), []);
                    case "regex" when property.Value.ValueKind == JsonValueKind.String:
                        return new ModelRule(property.Name, property.Value.GetString()!, []);
                }
            }
        }

        throw new FormatException("a match rule is one of equals, starts_with, ends_with, contains and regex with a text, or or/and with rules");
    }

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
            _ = _kind == "regex" ? Pattern() : null;
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"the regex '{_text}' is not valid", error);
        }
    }

    /// <summary>Writes it as it was read.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (_kind is "or" or "and")
        {
            writer.WriteStartArray(_kind);
            foreach (ModelRule part in _parts)
            {
                part.Write(writer);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString(_kind, _text);
        }

        writer.WriteEndObject();
    }

    /// <summary>The part of the rule that the name meets; null when it meets none.</summary>
    /// <param name="name">A name in lower case.</param>
    public ModelRule? Match(string name) => _kind switch
    {
        "or" => Array.Find(_parts, part => part.Match(name) is not null)?.Match(name),
        "and" => Array.TrueForAll(_parts, part => part.Match(name) is not null) ? this : null,
        _ => IsMet(name) ? this : null,
    };

    /// <summary>Whether the rule is for this name only.</summary>
    public bool Equals(string name) => _kind == "equals" && _text == name;

    /// <summary>The rule as one can read it.</summary>
    public override string ToString() =>
        _parts.Length > 0 ? string.Join($" {_kind} ", (object[])_parts) : $"{_kind} '{_text}'";

    private bool IsMet(string name) => _kind switch
    {
        "equals" => name == _text,
        "starts_with" => name.StartsWith(_text, StringComparison.Ordinal),
        "ends_with" => name.EndsWith(_text, StringComparison.Ordinal),
        "contains" => name.Contains(_text, StringComparison.Ordinal),
        _ => MeetsRegex(name),
    };

    private bool MeetsRegex(string name)
    {
        if (!name.StartsWith(_prefix ??= LiteralPrefix(_text), StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            return Pattern().IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            return false; // a name that takes so long is no model's
        }
    }

    private Regex Pattern() => _regex ??= new Regex(_text, RegexOptions.CultureInvariant, TimeLimit);

    // The first use of a Regex costs more than all the rest of a lookup, and most names differ from a pattern where it is plain text.
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
