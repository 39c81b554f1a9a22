namespace Opi;

/// <summary>Takes secrets, and paths of the system, out of texts. Only they are replaced; the words around them stay.</summary>
internal static class TextRedaction
{
    /// <summary>What stands in the place of something that was taken out.</summary>
    public const string Placeholder = "[REDACTED]";

    private const string Before = @"(?:^|[\s""'`(=\[,;])";

    private static readonly TextShape[] SystemPaths =
    [
        new(":", @"(?:^|[^A-Za-z0-9])(?<secret>[A-Za-z]:[\\/][^\s""'<>|*?`]*)"),
        new(@"\\", Before + @"(?<secret>\\\\[^\s""'<>|*?`]+)"),
        new(
            "/",
            Before + @"(?<secret>/(?:Users|home|root|tmp|var|etc|opt|mnt|private|proc|sys|dev|srv|lib|run|app|data|usr|bin|sbin)/[^\s""'<>|*?`]*)"),
    ];

    /// <summary>The text without the secrets that are recognised.</summary>
    public static string WithoutSecrets(string text)
    {
        foreach (TextShape shape in SecretShapes.All)
        {
            text = shape.Replace(text, Placeholder);
        }

        return text;
    }

    /// <summary>The text without absolute paths of the system.</summary>
    public static string WithoutSystemPaths(string text)
    {
        foreach (TextShape shape in SystemPaths)
        {
            text = shape.Replace(text, Placeholder);
        }

        return text;
    }

    /// <summary>Whether a text holds an absolute path of the system.</summary>
    public static bool HasSystemPath(string text) => SystemPaths.Any(shape => shape.IsIn(text));
}
