namespace Opi;

/// <summary>Which responses a query asks for.</summary>
internal sealed class UsageFilter
{
    private readonly UsageQuery _query;
    private readonly ModelFilter _models;
    private readonly ProjectFilter _projects;
    private readonly Wildcard[] _machines;
    private readonly Wildcard[] _users;

    /// <summary>Reads the patterns of a query.</summary>
    /// <exception cref="InvalidWildcardException">A pattern of the query cannot be read.</exception>
    public UsageFilter(UsageQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _query = query;
        _models = new ModelFilter(query.Models);
        _projects = new ProjectFilter(query.Projects);
        _machines = [.. query.Machines.Select(pattern => new Wildcard(pattern))];
        _users = [.. query.Users.Select(pattern => new Wildcard(pattern))];
    }

    /// <summary>Whether the query asks for a response.</summary>
    /// <param name="usage">The response.</param>
    public bool Takes(OpiUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return Takes(usage.Timestamp, usage.Provider, usage.Model, usage.Project) && TakesOrigin(usage.Machine, usage.User);
    }

    internal bool Takes(IdleTurn turn) =>
        Takes(turn.Timestamp, null, null, turn.Project) && TakesOrigin(ThisMachine.Name, ThisMachine.User);

    /// <summary>Whether a machine and a user are asked for. One that is not known has an empty name, which * takes.</summary>
    internal bool TakesOrigin(string? machine, string? user) => Takes(_machines, machine) && Takes(_users, user);

    /// <summary>Whether a response without a time may be asked for: the query is of a certain time.</summary>
    internal bool MayTakeUndated(string? provider, string? model, string? project) =>
        (_query.Since ?? _query.Until) is not null && _models.Takes(provider, model) && _projects.Takes(project);

    internal bool Takes(DateTimeOffset? time, string? provider, string? model, string? project) =>
        (_query.Since is null || time >= _query.Since)
        && (_query.Until is null || time < _query.Until)
        && _models.Takes(provider, model)
        && _projects.Takes(project);

    // Asked of each response, mostly without patterns: then nothing is made for it.
    private static bool Takes(Wildcard[] patterns, string? name) => patterns.Length == 0 || AnyTakes(patterns, name ?? "");

    private static bool AnyTakes(Wildcard[] patterns, string name) => Array.Exists(patterns, pattern => pattern.IsMatch(name));
}
