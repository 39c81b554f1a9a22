namespace Opi;

/// <summary>Takes secrets, and paths of the system, out of texts. Only they are replaced; the words around them stay.</summary>
internal static class TextRedaction
{
    /// <summary>The text that replaces what was taken out.</summary>
    public const string Placeholder = "[REDACTED]";

    private const string Before = @"(?:^|[\s""'`(=\[,;])";

    /// <summary>The same as characters. All that <c>\\s</c> means.</summary>
    private const string BeforePath = " \t\r\n\v\f\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A"
        + "\u2028\u2029\u202F\u205F\u3000\"'`(=[,;";

    internal static readonly TextShape[] SystemPaths =
    [
        new(@":\|:/", @"(?:^|[^A-Za-z0-9])(?<secret>[A-Za-z]:[\\/][^\s""'<>|*?`]*)", before: 2),
        new(@"\\", Before + @"(?<secret>\\\\[^\s""'<>|*?`]+)", before: 1, precededBy: BeforePath),
        new(
            "/",
            Before + @"(?<secret>/(?:Users|home|root|tmp|var|etc|opt|mnt|private|proc|sys|dev|srv|lib|run|app|data|usr|bin|sbin)/[^\s""'<>|*?`]*)",
            before: 1,
            precededBy: BeforePath),
    ];

    public static string WithoutSecrets(string text)
    {
        var trace = TextTrace.Of(text);
        foreach (TextShape shape in SecretShapes.All)
        {
            string replaced = shape.Replace(text, trace, Placeholder);
            if (!ReferenceEquals(replaced, text))
            {
                (text, trace) = (replaced, TextTrace.Of(replaced));
            }
        }

        return text;
    }

    public static string WithoutSystemPaths(string text)
    {
        foreach (TextShape shape in SystemPaths)
        {
            text = shape.Replace(text, default, Placeholder);
        }

        return text;
    }

    public static bool HasSystemPath(string text) => SystemPaths.Any(shape => shape.IsIn(text, default));
}
