namespace Opi;

/// <summary>How much of a context stays when it is compacted.</summary>
public sealed record KeepRecent
{
    /// <summary>The newest quarter of the messages, at least one. It looks at nothing but tool calls and their results.</summary>
    public static readonly KeepRecent Quarter = new(KeepRecentUnit.Quarter, 0);

    private KeepRecent(KeepRecentUnit unit, long amount)
    {
        Unit = unit;
        Amount = amount;
    }

    /// <summary>By what it is measured.</summary>
    internal KeepRecentUnit Unit { get; }

    /// <summary>How many tokens or turns; 0 for a quarter.</summary>
    public long Amount { get; }

    /// <summary>
    /// About so many tokens of the newest messages. The cut is where what stays comes nearest to that, and at the start of a turn where one
    /// leaves between half and one and a half of it. The last two messages or tool groups stay however large they are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public static KeepRecent Tokens(long amount) => new(KeepRecentUnit.Tokens, AtLeastOne(amount));

    /// <summary>The newest turns, each whole: a turn begins with a user's message.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public static KeepRecent Turns(int amount) => new(KeepRecentUnit.Turns, AtLeastOne(amount));

    /// <summary>For example <c>20000 tokens</c>.</summary>
    public override string ToString() =>
        Unit == KeepRecentUnit.Quarter
            ? "quarter"
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Amount} {Unit.ToString().ToLowerInvariant()}");

    private static long AtLeastOne(long amount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        return amount;
    }
}
