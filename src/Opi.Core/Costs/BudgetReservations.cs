using System.Globalization;

namespace Opi;

/// <summary>
/// A budget that many processes share. Before a request each reserves the most that it can cost; afterwards what was billed takes its place.
/// What was spent, what is reserved and what is asked for are together never more than the budget. What a process that has ended had reserved
/// is free again.
/// </summary>
/// <param name="file">What the processes share.</param>
/// <param name="period">What the budget is for.</param>
/// <param name="budget">The budget in USD.</param>
/// <param name="spent">Reads what the period of a moment has cost: the same figure that a check of the budget has.</param>
internal sealed class BudgetReservations(BudgetFile file, CostPeriod period, decimal budget, Func<DateTimeOffset, CostGroup> spent)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSpent = TimeSpan.FromDays(1);

    /// <summary>Whose days and hours.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Whether a cost that is known only in part is taken for what is known of it. Otherwise nothing is allowed then.</summary>
    public bool AllowUnknown { get; init; }

    /// <summary>How long another process may hold the lock.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a request waits for others that are under way, if only their reservations keep it from being sent. They mostly cost less
    /// than they reserve.
    /// </summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Reserves an amount.</summary>
    /// <param name="amount">The most that a request can cost, in USD.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="BudgetException">There is not as much left, or what was spent is not known.</exception>
    /// <exception cref="LedgerLockedException">Another process holds the file for too long.</exception>
    /// <exception cref="LedgerWriteException">The file cannot be read or written.</exception>
    public BudgetReservation Reserve(decimal amount, CancellationToken cancellationToken = default)
    {
        long start = TimeProvider.GetTimestamp();
        string id = Guid.NewGuid().ToString("n");
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BudgetException? refused = null;
            bool isByOthers = false;
            file.Use(Patience, TimeProvider, () => TryReserve(id, amount, out refused, out isByOthers), cancellationToken);
            if (refused is null)
            {
                return new BudgetReservation(this, id);
            }

            if (!isByOthers || TimeProvider.GetElapsedTime(start) >= Wait)
            {
                throw refused;
            }

            cancellationToken.WaitHandle.WaitOne(Pause);
        }
    }

    /// <summary>Ends a reservation.</summary>
    /// <param name="id">It.</param>
    /// <param name="cost">What was billed; null when that is not known.</param>
    /// <param name="isBilled">Whether anything was.</param>
    internal void End(string id, decimal? cost, bool isBilled)
    {
        DateTimeOffset recorded = TimeProvider.GetUtcNow();
        file.Use(Patience, TimeProvider, () =>
        {
            file.Holds.RemoveAll(hold => hold.Id == id);
            for (int i = 0; isBilled && i < file.Spent.Count; i++)
            {
                BudgetSpent known = file.Spent[i];
                if (cost is not { } amount)
                {
                    file.Spent[i] = known with { ReadAt = default };
                }
                else if (known.ReadAt <= recorded) // a later reading has the answer, which was recorded before
                {
                    file.Spent[i] = known with { Since = known.Since + amount };
                }
            }

            return true;
        }, CancellationToken.None);
    }

    /// <summary>Reserves under the lock, where there is as much left.</summary>
    private bool TryReserve(string id, decimal amount, out BudgetException? refused, out bool isByOthers)
    {
        DateTimeOffset now = TimeProvider.GetUtcNow();
        bool isChanged = file.Holds.RemoveAll(hold => hold.IsAbandoned(now)) > 0;
        if (isChanged)
        {
            file.Spent.Clear(); // who ended may have recorded an answer, and settled nothing
        }

        string name = NameOf(now);
        BudgetSpent? known = file.Spent.Find(one => one.Period == name);
        bool isFresh = false;
        if (known?.IsUsable(now) != true)
        {
            (known, isFresh) = (Read(name, now), true);
        }

        refused = Refusal(known!, amount, now, out isByOthers);
        if (refused is not null && !isByOthers && !isFresh && now - known!.ReadAt > Recent)
        {
            known = Read(name, now); // nothing is refused for good by an old figure
            isFresh = true;
            refused = Refusal(known, amount, now, out isByOthers);
        }

        if (refused is null)
        {
            file.Holds.Add(new BudgetHold(id, ProcessIdentity.Current, amount, now));
            isChanged = true;
        }

        return isChanged || isFresh;
    }

    private BudgetSpent Read(string name, DateTimeOffset now)
    {
        long start = TimeProvider.GetTimestamp();
        CostGroup group = spent(now);
        var read = new BudgetSpent(name, now, TimeProvider.GetElapsedTime(start), group.KnownCost, group.IsComplete, 0);
        file.Spent.RemoveAll(one => one.Period == name || now - one.ReadAt > LongestSpent);
        file.Spent.Add(read);
        return read;
    }

    private BudgetException? Refusal(BudgetSpent known, decimal amount, DateTimeOffset now, out bool isByOthers)
    {
        decimal reserved = file.Holds.Sum(hold => hold.Amount);
        isByOthers = false;
        if (known.Amount + amount > budget || known.Amount > budget)
        {
            return Refused(known, amount, now, $"{Money(known.Amount)} {Were(known)} spent, and this request can cost {Money(amount)}");
        }

        if (!known.IsComplete && !AllowUnknown)
        {
            return new BudgetException(
                $"Whether the budget of {Money(budget)} a {Word} allows the request is not known: of the cost so far only {Money(known.Amount)} "
                    + $"is known. It was not sent.",
                known.Period,
                budget,
                known.Amount);
        }

        if (known.Amount + reserved + amount <= budget)
        {
            return null;
        }

        isByOthers = true;
        return Refused(
            known,
            amount,
            now,
            $"{Money(known.Amount)} {Were(known)} spent, other requests under way have reserved {Money(reserved)}, "
                + $"and this one can cost {Money(amount)}");
    }

    private BudgetException Refused(BudgetSpent known, decimal amount, DateTimeOffset now, string figures) =>
        new($"The budget of {Money(budget)} a {Word} does not allow the request: {figures}. It was not sent.", NameOf(now), budget, known.Amount)
        {
            IsRefusal = true,
            Reserved = file.Holds.Sum(hold => hold.Amount),
            Requested = amount,
        };

    private string Word => period.ToString().ToLowerInvariant();

    private static string Were(BudgetSpent known) => known.IsComplete ? "were" : "at least were";

    private string NameOf(DateTimeOffset now)
    {
        DateTimeOffset? start = CostGroups.StartOf(Enum.Parse<CostGrouping>(period.ToString()), now, TimeZone);
        return start is { } at ? $"{period} {at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}" : $"{period} {TimeZone.Id}";
    }

    /// <summary>Enough digits that a request of a thousandth of a cent is seen.</summary>
    private static string Money(decimal amount) => amount.ToString("'$'0.00####", CultureInfo.InvariantCulture);
}
