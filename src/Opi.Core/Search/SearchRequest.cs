using System.Text.RegularExpressions;

namespace Opi;

/// <summary>What is looked for, and where.</summary>
internal sealed record SearchRequest
{
    /// <summary>Whose logs.</summary>
    public IReadOnlyList<UsageSource> Sources { get; init; } = [UsageSource.Opi];

    /// <summary>The sources that were named.</summary>
    public IReadOnlyList<UsageSource> Required { get; init; } = [];

    /// <summary>The files and folders to search instead of each source's own log folders.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The text; null where a pattern, or only a tool or a file, is looked for. White space in it is any white space.</summary>
    public string? Text { get; init; }

    /// <summary>The pattern; null where there is none.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>Whether upper and lower case are different in the text and in the file.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>Only these speakers; empty for all.</summary>
    public IReadOnlyList<SearchRole> Roles { get; init; } = [];

    /// <summary>Only calls and results of these tools, as patterns; empty for all.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Only tool calls that name this file; null for all.</summary>
    public string? File { get; init; }

    /// <summary>Only what was said at this time or later; null for no limit.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what was said before this time; null for no limit.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only these projects, as patterns; empty for all.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Only what these models said, as patterns; empty for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Only these sessions, as patterns of their ids; empty for all.</summary>
    public IReadOnlyList<string> Sessions { get; init; } = [];

    /// <summary>How many lines before and after the one with the hit are wanted.</summary>
    public int Context { get; init; }
}
