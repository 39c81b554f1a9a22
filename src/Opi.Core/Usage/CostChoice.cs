namespace Opi;

/// <summary>Which cost of a response is wanted where there are several.</summary>
public enum CostChoice : long
{
    /// <summary>What the provider billed, else the price, else what the log has.</summary>
    Auto,

    /// <summary>By the prices of tokens only.</summary>
    List,

    /// <summary>What the provider or the log states only.</summary>
    Billed,
}
