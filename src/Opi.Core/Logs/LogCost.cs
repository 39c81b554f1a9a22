namespace Opi;

/// <summary>What a log says that a response cost: an amount, or an object with a <c>total</c>.</summary>
internal struct LogCost
{
    /// <summary>The amount in USD; null when it is not one.</summary>
    public decimal? Total { get; private set; }

    /// <summary>
    /// The amount, where the log says that it is from the provider and not of the agent's own price table; else null. 0 is not a bill: agents write
    /// it where they know nothing.
    /// </summary>
    public decimal? Stated { get; private set; }

    public static LogCost Read(ref JsonCursor json)
    {
        var cost = new LogCost();
        if (!json.AtObject())
        {
            cost.Total = LogText.ReadMoney(json.Skip());
            return cost;
        }

        bool isStated = false;
        decimal? named = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            ReadOnlySpan<byte> value = json.Skip();
            if (name.Is("total"u8))
            {
                cost.Total = LogText.ReadMoney(value);
            }
            else if (name.Is("totalFromProvider"u8))
            {
                isStated = value.SequenceEqual("true"u8);
                named = LogText.ReadMoney(value);
            }
        }

        cost.Stated = named is > 0 ? named : isStated && cost.Total is > 0 ? cost.Total : null;
        return cost;
    }

    /// <summary>What the bill depends on besides the counts; null for nothing.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="unknown">What of the usage is not understood.</param>
    public readonly BillingDetails? ToBilling(string? provider, UnknownMembers unknown) =>
        Stated is null && !unknown.Any
            ? null
            : new BillingDetails { StatedCost = Stated, StatedBy = Stated is null ? null : provider, Unknown = unknown.ToReasons() };
}
