namespace Opi;

/// <summary>How a <see cref="ModelRule"/> compares a name.</summary>
internal enum ModelRuleKind
{
    Or,

    And,

    Equals,

    StartsWith,

    EndsWith,

    Contains,

    /// <summary>The name is the text, in which # is any digit.</summary>
    Shape,

    Regex,
}
