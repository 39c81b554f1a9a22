namespace Opi;

/// <summary>Which entry a model's name leads to, and why.</summary>
/// <param name="Name">The entry, as <c>provider:model</c>.</param>
/// <param name="Source">Where it is from, for example genai-prices with its date.</param>
/// <param name="Rule">The rule that the name meets.</param>
/// <param name="Spelling">The spelling of the name that meets it.</param>
internal sealed record ModelMatch(string Name, string Source, string Rule, string Spelling)
{
    /// <summary>Whose price it is: the list price of who was asked, the one of the model's maker, a price of the user's own.</summary>
    public CostSource CostSource { get; init; } = CostSource.List;

    public override string ToString() =>
        $"{Name} ({Source}), whose rule is {Rule}; the name was read as '{Spelling}'"
            + (CostSource == CostSource.Maker ? ", and the price is the one of the model's maker" : "");
}
