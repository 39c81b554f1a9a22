namespace Opi;

/// <summary>Which usages to read.</summary>
public sealed record UsageQuery
{
    private readonly ValueList<UsageSource> _sources = new([UsageSource.Opi]);
    private readonly ValueList<string> _paths;
    private readonly ValueList<UsageSource> _required;
    private readonly ValueList<string> _models;
    private readonly ValueList<string> _projects;
    private readonly ValueList<string> _machines;
    private readonly ValueList<string> _users;
    private readonly ValueMap _sessionModels = new(new Dictionary<string, string>());

    /// <summary>Whose. By default Opi's own sessions.</summary>
    public IReadOnlyList<UsageSource> Sources { get => _sources.Items; init => _sources = new(value); }

    /// <summary>The files and folders to read instead of each source's own log folders; empty for those.</summary>
    public IReadOnlyList<string> Paths { get => _paths.Items; init => _paths = new(value); }

    /// <summary>
    /// The folder of the ledger that shows which responses of a log are copies of others whose log is gone; null for the user's own.
    /// </summary>
    public string? LedgerFolder { get; init; }

    /// <summary>
    /// The sources that were named: if one has no logs, that is a finding. For other sources it is not.
    /// </summary>
    public IReadOnlyList<UsageSource> Required { get => _required.Items; init => _required = new(value); }

    /// <summary>Which cost of a response is wanted where there are several.</summary>
    public CostChoice CostFrom { get; init; }

    /// <summary>Only responses at or after this time; null for no limit.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only responses before this time; null for no limit.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// Only these models, as <see cref="ModelFilter"/> takes them: patterns of the model or of <c>provider:model</c>; empty for all.
    /// </summary>
    public IReadOnlyList<string> Models { get => _models.Items; init => _models = new(value); }

    /// <summary>Only these projects, as <see cref="ProjectFilter"/> takes them: patterns of folders; empty for all.</summary>
    public IReadOnlyList<string> Projects { get => _projects.Items; init => _projects = new(value); }

    /// <summary>Only these machines: names with wildcards, in any case; empty for all.</summary>
    public IReadOnlyList<string> Machines { get => _machines.Items; init => _machines = new(value); }

    /// <summary>Only these users, in the same way.</summary>
    public IReadOnlyList<string> Users { get => _users.Items; init => _users = new(value); }

    /// <summary>
    /// The models that sessions were opened with, as <c>provider:model</c>, by the sessions' ids. An answer that names no model, in a file
    /// that names none before it, has this one.
    /// </summary>
    public IReadOnlyDictionary<string, string> SessionModels { get => _sessionModels.Items; init => _sessionModels = new(value); }
}
