namespace Opi;

/// <summary>What becomes of a tool call that has no result when a turn is taken up again.</summary>
internal enum InterruptedCall : long
{
    /// <summary>The model gets an error as its result, which says that the call was interrupted.</summary>
    Report,

    /// <summary>It is run again. Right for tools that can run twice without harm.</summary>
    Run,
}
