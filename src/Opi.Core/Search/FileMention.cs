namespace Opi;

/// <summary>
/// Whether the arguments of a tool call name a file: as a path, as the end of one, or within a command. Slashes of both kinds are the same.
/// </summary>
internal sealed class FileMention
{
    private readonly string _path;
    private readonly Wildcard? _pattern;
    private readonly StringComparison _comparison;

    /// <summary>Reads a path or a pattern of one.</summary>
    /// <param name="path">The path, or a part of it from its end.</param>
    /// <param name="caseSensitive">Whether upper and lower case differ.</param>
    public FileMention(string path, bool caseSensitive)
    {
        _path = Plain(path).TrimEnd('/');
        _path = _path.StartsWith("./", StringComparison.Ordinal) ? _path[2..] : _path;
        _pattern = _path.AsSpan().IndexOfAny("*?[") >= 0 ? new Wildcard("*/" + _path) : null;
        _comparison = caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
    }

    /// <summary>The longest piece of it without wildcards and slashes: each line that names the file contains it.</summary>
    public string Literal =>
        _path.Split('/', '*', '?').Where(piece => !piece.Contains('[', StringComparison.Ordinal)).MaxBy(piece => piece.Length) ?? "";

    /// <summary>Where a text names the file; a length below 0 where it does not.</summary>
    /// <param name="text">The arguments, as people read them.</param>
    public (int Start, int Length) Find(string text)
    {
        string plain = Plain(text);
        if (_pattern is not null)
        {
            for (int start = 0; start < plain.Length;)
            {
                int end = start;
                while (end < plain.Length && !IsEdge(plain[end]))
                {
                    end++;
                }

                if (end > start && _pattern.IsMatch("/" + plain[start..end].TrimStart('/')))
                {
                    return (start, end - start);
                }

                start = end + 1;
            }

            return (0, -1);
        }

        for (int at = plain.IndexOf(_path, _comparison); at >= 0; at = plain.IndexOf(_path, at + 1, _comparison))
        {
            int end = at + _path.Length;
            if ((at == 0 || plain[at - 1] == '/' || IsEdge(plain[at - 1])) && (end == plain.Length || plain[end] == '/' || IsEdge(plain[end])))
            {
                return (at, _path.Length);
            }
        }

        return (0, -1);
    }

    private static bool IsEdge(char c) => char.IsWhiteSpace(c) || "\"'`=:,;()<>|&[]{}".Contains(c, StringComparison.Ordinal);

    private static string Plain(string path) => path.Replace('\\', '/');
}
