namespace Opi.CompactionRun;

/// <summary>A session of Opi that compacts by itself by the size of its context.</summary>
internal sealed class RealSession : ICompactedContext, IDisposable
{
    private readonly OpiSession _session;
    private readonly string? _ownFolder;
    private List<AgentMessage> _messages = [];

    public RealSession(string folder, OpiCompactionPolicy policy)
    {
        _session = OpiSession.Create(folder, new SessionOptions
        {
            Compaction = policy with { ContextWindow = Runs.Window, ReserveTokens = Runs.Reserve, AutoCompact = true },
            Durability = Durability.Buffered,
        });
    }

    /// <summary>In a folder of its own, which goes with it.</summary>
    public RealSession(OpiCompactionPolicy policy)
        : this(Directory.CreateTempSubdirectory("opi-facts-").FullName, policy) => _ownFolder = Path.GetDirectoryName(_session.Path);

    public IReadOnlyList<AgentMessage> Messages => _messages;

    public bool Add(IReadOnlyList<Message> turn)
    {
        OpiTurn added = _session.AddTurn(turn);
        if (added.CompactionError is { } error)
        {
            throw error;
        }

        _messages = added.Compaction is null ? [.. _messages, .. turn] : [.. _session.ReadContext()];
        return added.Compaction is not null;
    }

    public void Dispose()
    {
        _session.Dispose();
        if (_ownFolder is not null)
        {
            Directory.Delete(_ownFolder, recursive: true);
        }
    }
}
