using System.Runtime.InteropServices;

namespace Opi;

/// <summary>
/// Adds up what responses cost, in groups that have the same day, model, session and so on. Each is priced at its own model and its own
/// time. One pass, whatever their order.
/// </summary>
public sealed class CostGroups
{
    /// <summary>How many groupings can be combined.</summary>
    public const int MaxGroupings = 3;

    private const long BlockTicks = TimeSpan.TicksPerHour * 5;
    private const long Untold = long.MinValue; // the key of what the log does not say; it comes first

    private readonly CostGrouping[] _by;
    private readonly PeriodClock _clock;
    private readonly Dictionary<Key, Group> _groups = [];
    private readonly List<Group> _made = []; // the same groups, as a list
    private readonly TextNumbers _texts = new();
    private readonly TextNumbers _sessions = new();
    private readonly List<PricedUsage>? _waiting; // for blocks alone: they are known only when all responses are there, in order
    private readonly List<UsageFinding> _unread = [];
    private readonly Group _total = new();
    private long _blockAt = Untold;
    private long _responses;

    /// <summary>Makes groups without responses.</summary>
    /// <param name="by">What the responses of a group have in common: one to three groupings, none twice.</param>
    /// <param name="zone">The time zone of days and hours.</param>
    /// <param name="catalog">The prices.</param>
    /// <param name="choice">Which cost of a response is wanted where there are several.</param>
    public CostGroups(IReadOnlyList<CostGrouping> by, TimeZoneInfo zone, PricingCatalog catalog, CostChoice choice = CostChoice.Auto)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentOutOfRangeException.ThrowIfZero(by.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(by.Count, MaxGroupings);
        _by = by is CostGrouping[] given ? (CostGrouping[])given.Clone() : [.. by];
        _clock = new PeriodClock(zone);
        _waiting = Has(CostGrouping.Block) ? [] : null;
        Pricer = new UsagePricer(catalog, choice);
    }

    internal UsagePricer Pricer { get; }

    /// <summary>
    /// The models without a price, as <c>provider:model</c> (empty for responses that name none), and how many responses each gave.
    /// </summary>
    public IReadOnlyDictionary<string, int> UnpricedModels => ToTotal().Unknown.Models;

    /// <summary>
    /// Notes a file or folder that was not read. Where it may hide responses (<see cref="UsageFinding.HidesUsage"/>), the cost of each group
    /// that these could be of is known in part only, and so is the total.
    /// </summary>
    /// <param name="finding">What was not read.</param>
    public void AddUnread(UsageFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (finding.HidesUsage)
        {
            _unread.Add(finding);
        }
    }

    /// <summary>Adds a response.</summary>
    public void Add(OpiUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        Add(Pricer.Price(usage));
    }

    /// <summary>Adds a response with its model and its cost by the same prices.</summary>
    internal void Add(PricedUsage priced)
    {
        if (_waiting is null)
        {
            AddToGroup(priced);
        }
        else
        {
            _waiting.Add(priced);
        }
    }

    /// <summary>
    /// Adds a turn or a session in which no model answered: one more turn, or a group without a response. That is possible only in
    /// groups by session or turn. Other groups, also those by response, do not count it; groups by model do not count such a turn.
    /// </summary>
    internal void Add(IdleTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        bool isWhole = turn.Turn == 0;
        bool isShown = !Has(CostGrouping.Response)
            && (isWhole
                ? Has(CostGrouping.Session) && !Has(CostGrouping.Turn)
                : (Has(CostGrouping.Session) || Has(CostGrouping.Turn)) && !Has(CostGrouping.Model));
        if (isShown)
        {
            var place = new OpiUsage
            {
                Source = UsageSource.Opi,
                SessionId = turn.SessionId,
                Turn = turn.Turn,
                Timestamp = turn.Timestamp,
                Project = turn.Project,
                Machine = ThisMachine.Name,
                User = ThisMachine.User,
            };
            GroupOf(place, null, isIdle: true).AddIdle(place, TurnOf(place));
            _total.AddIdle(place, TurnOf(place));
        }
    }

    /// <summary>Makes the group that a response would be in, without the response.</summary>
    internal void AddPlace(PricedUsage priced) => GroupOf(priced.Usage, priced.Model);

    /// <summary>Whether there is a total. Where another one has it already, adding up a second one would be for nothing.</summary>
    internal bool HasTotal { get; init; } = true;

    /// <summary>Whether anything was added: a response, a turn or a session.</summary>
    public bool HasAny => _waiting is { Count: > 0 } || _groups.Count > 0;

    /// <summary>The files and folders that were not read and may hide responses.</summary>
    public IReadOnlyList<UsageFinding> Unread => _unread;

    /// <summary>The groups, sorted by their keys.</summary>
    public IReadOnlyList<CostGroup> ToRows()
    {
        AddWaiting();
        _made.Sort(Compare);
        return [.. _made.Select(ToRow)];
    }

    /// <summary>The group of all responses. Its keys are null.</summary>
    /// <exception cref="InvalidOperationException">They have no total.</exception>
    public CostGroup ToTotal()
    {
        if (!HasTotal)
        {
            throw new InvalidOperationException("These groups have no total.");
        }

        AddWaiting();
        return _total.ToRow(new object?[_by.Length], EmptyRow(), _unread.Count);
    }

    /// <summary>The group of the period that a moment is in. From now on it is one of the rows, even when nothing was used.</summary>
    /// <param name="time">The moment.</param>
    /// <exception cref="InvalidOperationException">The groups are not by a period of time alone.</exception>
    public CostGroup ToPeriod(DateTimeOffset time)
    {
        if (!IsByPeriod)
        {
            throw new InvalidOperationException("These groups are not by a period of time alone.");
        }

        CostGrouping period = _by[0];
        AddWaiting();
        if (period == CostGrouping.Block && (_blockAt == Untold || time.UtcTicks - _blockAt > BlockTicks))
        {
            _blockAt = time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour);
        }

        return ToRow(GroupAt(new Key(PeriodCode(period, time), Untold, Untold), first: null));
    }

    /// <summary>Whether the groups are periods of time and nothing else.</summary>
    public bool IsByPeriod => _by is [var period] && IsPeriod(period);

    /// <summary>When the day, week, month or hour began that a moment is in; null for a block, which depends on what came before.</summary>
    /// <param name="period">The period.</param>
    /// <param name="time">The moment.</param>
    /// <param name="zone">The time zone.</param>
    public static DateTimeOffset? StartOf(CostGrouping period, DateTimeOffset time, TimeZoneInfo zone) =>
        period == CostGrouping.Block ? null : new PeriodClock(zone).StartOf(period, time);

    /// <summary>Whether a grouping is by time.</summary>
    public static bool IsPeriod(CostGrouping grouping) =>
        grouping is CostGrouping.Day or CostGrouping.Week or CostGrouping.Month or CostGrouping.Hour or CostGrouping.Block;

    private static bool IsText(CostGrouping grouping) =>
        grouping is CostGrouping.Session or CostGrouping.Model or CostGrouping.Project or CostGrouping.Machine or CostGrouping.User;

    private void AddWaiting()
    {
        if (_waiting is null)
        {
            return;
        }

        _waiting.Sort((left, right) => Nullable.Compare(left.Usage.Timestamp, right.Usage.Timestamp));
        foreach (PricedUsage priced in _waiting)
        {
            if (priced.Usage.Timestamp is { } time && (_blockAt == Untold || time.UtcTicks - _blockAt > BlockTicks))
            {
                _blockAt = time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour);
            }

            AddToGroup(priced);
        }

        _waiting.Clear();
    }

    private void AddToGroup(PricedUsage priced)
    {
        (OpiUsage usage, string? model, UsageCost cost) = priced;
        _responses++;
        long turn = TurnOf(usage);
        GroupOf(usage, model).Add(usage, turn, model, cost);
        if (HasTotal)
        {
            _total.Add(usage, turn, model, cost);
        }
    }

    private long TurnOf(OpiUsage usage) => usage.Turn == 0 ? 0 : ((long)_sessions.NumberOf(usage.SessionId) << 32) | (uint)usage.Turn;

    private Group GroupOf(OpiUsage usage, string? model, bool isIdle = false) =>
        GroupAt(new Key(Code(0, usage, model, isIdle), Code(1, usage, model, isIdle), Code(2, usage, model, isIdle)), usage);

    private Group GroupAt(Key key, OpiUsage? first)
    {
        ref Group? group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, key, out _);
        if (group is null)
        {
            _made.Add(group = new Group { Key = key, First = first });
        }

        return group;
    }

    private bool Has(CostGrouping grouping) => IndexOf(_by, grouping) >= 0;

    /// <summary>The place of a grouping among some; -1 when it is not there. The framework has no compiled search for an enum of Opi.</summary>
    internal static int IndexOf(CostGrouping[] by, CostGrouping grouping)
    {
        int place = by.Length;
        while (--place >= 0 && by[place] != grouping)
        {
        }

        return place;
    }

    private long Code(int index, OpiUsage usage, string? model, bool isIdle)
    {
        if (index >= _by.Length)
        {
            return Untold;
        }

        return _by[index] switch
        {
            CostGrouping.Session => _texts.NumberOf(usage.SessionId),
            CostGrouping.Turn => ((long)_texts.NumberOf(usage.SessionId) << 32) | (uint)usage.Turn,
            CostGrouping.Response => _responses,
            CostGrouping.Model => _texts.NumberOf(model),
            CostGrouping.Project => _texts.NumberOf(usage.Project),
            CostGrouping.Source => (long)usage.Source,
            CostGrouping.Machine => _texts.NumberOf(usage.Machine),
            CostGrouping.User => _texts.NumberOf(usage.User),
            CostGrouping.Block when isIdle => Untold, // only responses begin and fill blocks
            { } period => usage.Timestamp is { } time ? PeriodCode(period, time) : Untold,
        };
    }

    private long PeriodCode(CostGrouping period, DateTimeOffset time) => period switch
    {
        CostGrouping.Hour => _clock.HourTicks(time),
        CostGrouping.Block => _blockAt,
        _ => _clock.DayNumber(period, time),
    };

    private CostGroup ToRow(Group group)
    {
        Key key = group.Key;
        object?[] keys = new object?[_by.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = Value(_by[i], key[i], group.First);
        }

        OpiUsage? first = group.First;
        OpiCost row = EmptyRow() switch
        {
            OpiResponseCost response =>
                response with { Timestamp = first!.Timestamp, ResponseId = first.ResponseId, Source = first.Source, Project = first.Project },
            OpiTurnCost turn => turn with { Turn = first!.Turn, Timestamp = group.Begun },
            { } other => other,
        };
        int block = IndexOf(_by, CostGrouping.Block);
        DateTimeOffset? ends = block >= 0 && key[block] != Untold ? _clock.At(Math.Min(key[block] + BlockTicks, DateTime.MaxValue.Ticks)) : null;
        return group.ToRow(keys, row, _unread.Count(finding => MayHide(finding, key, first)), ends);
    }

    /// <summary>
    /// Whether a file that was not read may have a part of a group. A response is in one file, and so is a session of Opi; for other
    /// agents a session may have several files. A file of the ledger may have anything.
    /// </summary>
    private bool MayHide(UsageFinding finding, Key key, OpiUsage? first)
    {
        if (Has(CostGrouping.Response))
        {
            return false;
        }

        if (finding.Source is not { } source || source == UsageSource.Ledger)
        {
            return true;
        }

        int place = IndexOf(_by, CostGrouping.Source);
        bool isOther = place >= 0 && key[place] != (long)source;
        bool isSession = Has(CostGrouping.Session) || Has(CostGrouping.Turn);
        return !isOther && !(isSession && (source == UsageSource.Opi || first?.Source != source));
    }

    private OpiCost EmptyRow() =>
        Has(CostGrouping.Response) ? new OpiResponseCost()
        : Has(CostGrouping.Turn) ? new OpiTurnCost()
        : new OpiCost();

    private object? Value(CostGrouping grouping, long code, OpiUsage? first) => grouping switch
    {
        CostGrouping.Turn => first!.Turn,
        CostGrouping.Response => first!.ResponseId,
        CostGrouping.Source => (UsageSource)code,
        _ when IsText(grouping) => _texts.TextOf(code),
        _ when code == Untold => null,
        CostGrouping.Hour or CostGrouping.Block => _clock.At(code),
        _ => DateOnly.FromDayNumber((int)code),
    };

    private int Compare(Group leftGroup, Group rightGroup)
    {
        (Key left, Key right) = (leftGroup.Key, rightGroup.Key);
        for (int i = 0; i < _by.Length; i++)
        {
            int order = _by[i] switch
            {
                { } text when IsText(text) => CompareTexts(left[i], right[i]),
                CostGrouping.Turn when CompareTexts(left[i] >> 32, right[i] >> 32) is not 0 and int sessions => sessions,
                CostGrouping.Response => CompareResponses(leftGroup, rightGroup),
                _ => left[i].CompareTo(right[i]),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return left.CompareTo(right);
    }

    /// <summary>By time, then by the keys of the responses, so that the order does not depend on which was read first.</summary>
    private static int CompareResponses(Group left, Group right) =>
        Nullable.Compare(left.Begun, right.Begun) is not 0 and int order ? order : string.CompareOrdinal(left.First!.Key, right.First!.Key);

    private int CompareTexts(long left, long right) => string.CompareOrdinal(_texts.TextOf(left), _texts.TextOf(right));

    /// <summary>The keys of a group as numbers.</summary>
    private readonly record struct Key(long First, long Second, long Third)
    {
        public long this[int index] => index == 0 ? First : index == 1 ? Second : Third;

        public int CompareTo(Key other) => (First, Second, Third).CompareTo((other.First, other.Second, other.Third));
    }

    private sealed class Group
    {
        private readonly CostTotals _totals = new();
        private TurnSet? _turns;
        private TurnSet? _unknownTurns;
        private CommonText _session;
        private CommonText _machine;
        private CommonText _user;

        /// <summary>What its responses have in common.</summary>
        public Key Key { get; init; }

        /// <summary>The first response that was added; null in a group without any.</summary>
        public OpiUsage? First { get; init; }

        /// <summary>When the earliest response came.</summary>
        public DateTimeOffset? Begun { get; private set; }

        private DateTimeOffset? _ended;
        private string? _project;
        private DateTimeOffset _projectAt;

        /// <param name="usage">The response.</param>
        /// <param name="turn">Its turn, as a number that no other turn has.</param>
        /// <param name="model">Its model.</param>
        /// <param name="cost">What it costs.</param>
        public void Add(OpiUsage usage, long turn, string? model, UsageCost cost)
        {
            AddIdle(usage, turn);

            // Only Opi logs turns. For other agents each response without usage counts.
            if (!usage.HasUsage && (usage.Turn == 0 || (_unknownTurns ??= new TurnSet()).Add(turn)))
            {
                _totals.UnknownUsageTurns++;
            }

            _totals.Add(model, usage, cost);
        }

        /// <summary>Adds a turn or a session, and nothing that was billed.</summary>
        public void AddIdle(OpiUsage usage, long turn)
        {
            _session.Add(usage.SessionId);
            _machine.Add(usage.Machine);
            _user.Add(usage.User);
            if (usage.Timestamp < Begun || Begun is null)
            {
                Begun = usage.Timestamp;
            }

            if (usage.Timestamp > _ended || _ended is null)
            {
                _ended = usage.Timestamp;
            }

            // Logs are read in no certain order.
            DateTimeOffset at = usage.Timestamp ?? DateTimeOffset.MaxValue;
            if (usage.Project is { } project
                && (_project is null || at < _projectAt || (at == _projectAt && string.CompareOrdinal(project, _project) < 0)))
            {
                (_project, _projectAt) = (project, at);
            }

            if (usage.Turn > 0 && (_turns ??= new TurnSet()).Add(turn))
            {
                _totals.Turns++;
            }
        }

        public CostGroup ToRow(object?[] keys, OpiCost row, int unread, DateTimeOffset? ends = null) =>
            new(keys, _totals.ToRow(row with { SessionId = _session.Value, Machine = _machine.Value, User = _user.Value }, unread))
            {
                Unknown = _totals.Unknown ?? new UnknownCosts(),
                Project = _project,
                First = Begun,
                Last = _ended,
                Ends = ends,
            };
    }
}
