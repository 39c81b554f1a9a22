namespace Opi;

/// <summary>The style sheets of the pages that Opi writes; data in this assembly.</summary>
internal static class StyleSheets
{
    private static readonly Lazy<string> Base = new(() => Load("page.css"));

    /// <summary>The style sheet of an exported session.</summary>
    public static string Session => Base.Value + Load("session.css");

    /// <summary>The style sheet of a report.</summary>
    public static string Report => Base.Value + Load("report.css");

    private static string Load(string name)
    {
        using var reader = new StreamReader(typeof(StyleSheets).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
