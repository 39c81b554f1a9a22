namespace Opi;

/// <summary>How a <see cref="ModelRule"/> compares a name.</summary>
internal enum ModelRuleKind
{
    /// <summary>One of the parts is met.</summary>
    Or,

    /// <summary>All parts are met.</summary>
    And,

    /// <summary>The name is the text.</summary>
    Equals,

    /// <summary>The name begins with the text.</summary>
    StartsWith,

    /// <summary>The name ends with the text.</summary>
    EndsWith,

    /// <summary>The text is anywhere in the name.</summary>
    Contains,

    /// <summary>The name is the text, in which # is any digit.</summary>
    Shape,

    /// <summary>The text is a regular expression.</summary>
    Regex,
}
