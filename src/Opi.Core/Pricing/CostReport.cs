namespace Opi;

/// <summary>
/// Adds up what the answers of sessions cost, each at its own model's price. All answers in a file count, those of branches that were left
/// too: they were paid for.
/// </summary>
public sealed class CostReport
{
    private readonly PricingCatalog _catalog;
    private readonly SortedSet<string> _unpriced = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Totals> _models = new(StringComparer.Ordinal);

    /// <summary>Makes an empty report.</summary>
    public CostReport(PricingCatalog catalog) => _catalog = catalog;

    /// <summary>The models of answers that have no price.</summary>
    public IReadOnlyCollection<string> UnpricedModels => _unpriced;

    /// <summary>One row for a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="fallbackModel">The model of answers that name none.</param>
    public OpiCost SessionRow(SessionReader session, string? fallbackModel = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var totals = new Totals();
        foreach (TurnAnswers turn in TurnsOf(session, fallbackModel))
        {
            Add(totals, turn, turn.Answers);
        }

        return totals.ToRow(new OpiCost { SessionId = session.Header.Id });
    }

    /// <summary>One row for each turn of a session, in order.</summary>
    /// <inheritdoc cref="SessionRow"/>
    public IEnumerable<OpiTurnCost> TurnRows(SessionReader session, string? fallbackModel = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        foreach (TurnAnswers turn in TurnsOf(session, fallbackModel))
        {
            var totals = new Totals();
            Add(totals, turn, turn.Answers);
            yield return totals.ToRow(new OpiTurnCost { SessionId = session.Header.Id, Turn = turn.Number, Timestamp = WireTime.Parse(turn.Timestamp) });
        }
    }

    /// <summary>Adds a session to the rows by model.</summary>
    /// <inheritdoc cref="SessionRow"/>
    public void AddToModels(SessionReader session, string? fallbackModel = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        foreach (TurnAnswers turn in TurnsOf(session, fallbackModel))
        {
            foreach (IGrouping<string, Answer> answers in turn.Answers.GroupBy(answer => answer.Model ?? ""))
            {
                if (!_models.TryGetValue(answers.Key, out Totals? totals))
                {
                    _models.Add(answers.Key, totals = new Totals());
                }

                totals.Sessions.Add(session.Header.Id);
                Add(totals, turn, answers);
            }
        }
    }

    /// <summary>One row for each model of the sessions that were added, by name. Its turns are those in which it answered.</summary>
    public IEnumerable<OpiCost> ModelRows() =>
        _models.Values.Select(totals => totals.ToRow(new OpiCost { SessionId = totals.Sessions.Count == 1 ? totals.Sessions.First() : null }));

    /// <summary>A turn begins with a prompt; what comes before the first prompt is turn 0, if there is anything.</summary>
    private static IEnumerable<TurnAnswers> TurnsOf(SessionReader session, string? fallbackModel)
    {
        string? model = fallbackModel;
        var turn = new TurnAnswers(0, null, []);
        foreach (IndexedEntry entry in session.Entries)
        {
            if (entry.Role == EntryRole.User)
            {
                if (turn.Number > 0 || turn.Answers.Count > 0)
                {
                    yield return turn;
                }

                turn = new TurnAnswers(turn.Number + 1, entry.Timestamp, []);
            }
            else if (entry.Role == EntryRole.Assistant)
            {
                turn.Answers.Add(new Answer(entry.Model ?? model, entry.Usage!));
            }
            else if (entry.Type == EntryType.ModelChange)
            {
                model = entry.Model;
            }
        }

        if (turn.Number > 0 || turn.Answers.Count > 0)
        {
            yield return turn;
        }
    }

    private void Add(Totals totals, TurnAnswers turn, IEnumerable<Answer> answers)
    {
        bool unknown = false;
        foreach (Answer answer in answers)
        {
            ModelPricing? price = _catalog.Find(answer.Model);
            if (price is null)
            {
                _unpriced.Add(answer.Model ?? "");
            }

            totals.Add(answer.Model, answer.Usage, price);
            unknown |= !answer.Usage.IsKnown;
        }

        totals.Turns += turn.Number > 0 ? 1 : 0;
        totals.UnknownUsageTurns += unknown ? 1 : 0;
    }

    private sealed record Answer(string? Model, Usage Usage);

    private sealed record TurnAnswers(int Number, string? Timestamp, List<Answer> Answers);

    private sealed class Totals
    {
        private readonly List<string> _models = [];
        private Usage _usage = new(0, 0);
        private CostBreakdown _cost = CostBreakdown.Zero;
        private bool _priced = true;
        private int _answers;
        private int _known;

        public HashSet<string> Sessions { get; } = [];

        public int Turns { get; set; }

        public int UnknownUsageTurns { get; set; }

        public void Add(string? model, Usage usage, ModelPricing? price)
        {
            if (model is not null && !_models.Contains(model))
            {
                _models.Add(model);
            }

            _answers++;
            _known += usage.IsKnown ? 1 : 0;
            _usage += usage;
            _priced &= price is not null;
            _cost += price?.CostOf(usage) ?? CostBreakdown.Zero;
        }

        public T ToRow<T>(T row)
            where T : OpiCost
        {
            bool hasCost = _priced && (_known > 0 || _answers == 0);
            return row with
            {
                Model = _models.Count == 0 ? null : string.Join(", ", _models),
                Turns = Turns,
                InputTokens = _usage.InputTokens,
                OutputTokens = _usage.OutputTokens,
                CacheReadTokens = _usage.CacheReadTokens,
                CacheWriteTokens = _usage.CacheWriteTokens,
                TotalTokens = _usage.TotalTokens,
                InputCost = hasCost ? _cost.InputCost : null,
                OutputCost = hasCost ? _cost.OutputCost : null,
                CacheReadCost = hasCost ? _cost.CacheReadCost : null,
                CacheWriteCost = hasCost ? _cost.CacheWriteCost : null,
                TotalCost = hasCost ? _cost.TotalCost : null,
                Priced = _priced,
                UnknownUsageTurns = UnknownUsageTurns,
            };
        }
    }
}
