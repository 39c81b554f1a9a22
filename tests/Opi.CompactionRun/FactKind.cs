namespace Opi.CompactionRun;

/// <summary>What kind of fact it is.</summary>
public enum FactKind
{
    /// <summary>What the user wants, in the user's prompt.</summary>
    Request,

    /// <summary>A file that a call changed, in the call's arguments.</summary>
    Path,

    /// <summary>A measured number, in an answer, a prompt or the output of a tool.</summary>
    Number,

    /// <summary>What was decided, in an answer or a prompt.</summary>
    Decision,

    /// <summary>What a tool failed with.</summary>
    Error,
}
