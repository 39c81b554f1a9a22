namespace Opi;

/// <summary>
/// The members that a provider's usage can have, as data. A member that is not in the table, and is not zero or empty, makes the cost
/// incomplete.
/// </summary>
internal sealed class UsageTable
{
    /// <summary>Timings and the like, which no provider bills. They may be anywhere.</summary>
    public static readonly IReadOnlyList<UsageMember> Common =
    [
        .. Of(MemberClass.Free, "*_time", "*_duration", "*_ms", "*_per_second", "*latencyMs"),
    ];

    private readonly Dictionary<string, MemberClass> _exact = new(StringComparer.Ordinal);
    private readonly List<(string Start, MemberClass Class)> _below = [];
    private readonly List<(string End, MemberClass Class)> _ends = [];

    /// <summary>Makes a table.</summary>
    /// <param name="members">The members; of two rows for a place the first counts.</param>
    public UsageTable(params IEnumerable<UsageMember>[] members)
    {
        Members = [.. members.SelectMany(some => some)];
        foreach (UsageMember member in Members.Concat(Common))
        {
            if (member.Path.EndsWith(".*", StringComparison.Ordinal))
            {
                _below.Add((member.Path[..^1], member.Class));
            }
            else if (member.Path.StartsWith('*'))
            {
                _ends.Add((member.Path[1..], member.Class));
            }
            else
            {
                _exact.TryAdd(member.Path, member.Class);
            }
        }
    }

    /// <summary>The rows of the provider itself.</summary>
    public IReadOnlyList<UsageMember> Members { get; }

    /// <summary>Rows of one class.</summary>
    public static IEnumerable<UsageMember> Of(MemberClass kind, params string[] paths) => paths.Select(path => new UsageMember(path, kind));

    /// <summary>What a member means for the bill; null when it is not known.</summary>
    public MemberClass? Find(string path)
    {
        if (_exact.TryGetValue(path, out MemberClass known))
        {
            return known;
        }

        foreach ((string start, MemberClass found) in _below)
        {
            if (path.StartsWith(start, StringComparison.Ordinal))
            {
                return found;
            }
        }

        foreach ((string end, MemberClass found) in _ends)
        {
            if (path.EndsWith(end, StringComparison.Ordinal))
            {
                return found;
            }
        }

        return null;
    }
}
