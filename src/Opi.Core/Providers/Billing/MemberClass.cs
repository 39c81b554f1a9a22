namespace Opi;

/// <summary>What a member of a provider's usage is to the bill.</summary>
internal enum MemberClass
{
    /// <summary>Tokens that are billed: a part of the sum.</summary>
    Count,

    /// <summary>Tokens that another count includes too: a part of it, or the sum of several. They are compared with it.</summary>
    Part,

    /// <summary>Calls, or other units, that are billed by the piece.</summary>
    Calls,

    /// <summary>The rate at which the tokens are billed: a tier, a speed, a place.</summary>
    Rate,

    /// <summary>A cost that the provider states, or what decides how it is read.</summary>
    Cost,

    /// <summary>Costs nothing and is not a count.</summary>
    Free,

    /// <summary>Known by name, but without a published price. Any value except zero makes the cost incomplete.</summary>
    Unpriced,
}
