namespace Opi;

/// <summary>What a provider takes in a conversation.</summary>
internal sealed record RequestLimits
{
    public int LongestId { get; init; } = 64;

    /// <summary>
    /// Makes the id of a call, if the provider requires a special form: from the id as it was, and the number of the try, from 1.
    /// Null if any short id is allowed.
    /// </summary>
    public Func<string, int, string>? MakeId { get; init; }

    /// <summary>Whether thinking without the block that it led to is refused.</summary>
    public bool ThinkingNeedsNext { get; init; }

    public int LongestName { get; init; } = 64;

    /// <summary>Whether a character other than letters, digits, _ and - may be in the name of a tool.</summary>
    public Func<char, bool> TakesInName { get; init; } = _ => false;

    /// <summary>Whether it takes its thinking back with an answer.</summary>
    public Func<Answer, bool> TakesThinking { get; init; } = _ => false;

    /// <summary>Whether it takes a document. One that it does not take is sent as its text where it has one, else as its name.</summary>
    public Func<DocumentContent, bool> TakesDocument { get; init; } = _ => false;

    /// <summary>
    /// Whether its shape writes a system message in the midst of a conversation itself. Otherwise it becomes the user's, in tags.
    /// </summary>
    public bool TakesSystem { get; init; }

    public Func<RequestImage, bool> TakesImage { get; init; } = image => image.Base64 is not null || image.IsAt("https", "http");

    /// <summary>The images that it takes, in words.</summary>
    public string Images { get; init; } = "images as data or from https://";
}
