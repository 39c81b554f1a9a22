namespace Opi;

/// <summary>
/// Adds up what the answers of sessions cost, each at its own model's price. All answers in a file count, those of branches that were left and
/// those that made a summary too: they were paid for.
/// </summary>
public sealed class CostReport
{
    private readonly PricingCatalog _catalog;
    private readonly SortedSet<string> _unpriced = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (CostTotals Totals, HashSet<string> Sessions)> _models = new(StringComparer.Ordinal);

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
        var totals = new CostTotals();
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
            var totals = new CostTotals();
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
                if (!_models.TryGetValue(answers.Key, out (CostTotals Totals, HashSet<string> Sessions) model))
                {
                    _models.Add(answers.Key, model = (new CostTotals(), []));
                }

                model.Sessions.Add(session.Header.Id);
                Add(model.Totals, turn, answers);
            }
        }
    }

    /// <summary>One row for each model of the sessions that were added, by name. Its turns are those in which it answered.</summary>
    public IEnumerable<OpiCost> ModelRows() =>
        _models.Values.Select(model => model.Totals.ToRow(new OpiCost { SessionId = model.Sessions.Count == 1 ? model.Sessions.First() : null }));

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
            else if (entry.Usage is { } usage)
            {
                turn.Answers.Add(new Answer(entry.Model ?? model, usage, WireTime.Parse(entry.Timestamp)));
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

    private void Add(CostTotals totals, TurnAnswers turn, IEnumerable<Answer> answers)
    {
        bool unknown = false;
        foreach (Answer answer in answers)
        {
            CostBreakdown? cost = _catalog.Find(answer.Model, answer.At)?.CostOf(answer.Usage);
            if (cost is null)
            {
                _unpriced.Add(answer.Model ?? "");
            }

            totals.Add(answer.Model, answer.Usage, cost);
            unknown |= !answer.Usage.IsKnown;
        }

        totals.Turns += turn.Number > 0 ? 1 : 0;
        totals.UnknownUsageTurns += unknown ? 1 : 0;
    }

    private sealed record Answer(string? Model, Usage Usage, DateTimeOffset? At);

    private sealed record TurnAnswers(int Number, string? Timestamp, List<Answer> Answers);
}
