namespace Opi;

/// <summary>Which usages to read.</summary>
public sealed record UsageQuery
{
    /// <summary>Whose. By default Opi's own sessions.</summary>
    public IReadOnlyList<UsageSource> Sources { get; init; } = [UsageSource.Opi];

    /// <summary>The files and folders to read in place of those where each source keeps its logs; empty for those.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>
    /// The sources that somebody asked for by name: where nothing is where they keep their logs, that is a finding. Of others it is not.
    /// </summary>
    public IReadOnlyList<UsageSource> Required { get; init; } = [];

    /// <summary>Which cost of a response is wanted where there are several.</summary>
    public CostChoice CostFrom { get; init; }

    /// <summary>Only responses at or after this time; null for no limit.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only responses before this time; null for no limit.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only these models: the model or <c>provider:model</c>, with wildcards; null for all.</summary>
    public string? Model { get; init; }

    /// <summary>Only this project, with wildcards; null for all.</summary>
    public string? Project { get; init; }

    /// <summary>
    /// The models that sessions were opened with, as <c>provider:model</c>, by the sessions' ids. An answer that names no model, in a file
    /// that names none before it, has this one.
    /// </summary>
    public IReadOnlyDictionary<string, string> SessionModels { get; init; } = new Dictionary<string, string>();
}
