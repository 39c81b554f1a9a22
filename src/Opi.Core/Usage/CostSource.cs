namespace Opi;

/// <summary>Where the cost of a response is from. A row over several responses can have several.</summary>
[Flags]
public enum CostSource : long
{
    /// <summary>There is no cost.</summary>
    None = 0,

    /// <summary>The list price of the model at the provider that was asked.</summary>
    List = 1,

    /// <summary>The provider stated it in its reply.</summary>
    Billed = 2,

    /// <summary>The agent wrote it into its log.</summary>
    Logged = 4,

    /// <summary>A price of the user's own.</summary>
    Own = 8,

    /// <summary>The list price of the model's maker, because the provider's name is the user's own label, for example of a gateway.</summary>
    Maker = 16,

    /// <summary>A server on this machine, which costs nothing by the token.</summary>
    Local = 32,
}
