namespace Opi;

/// <summary>The tools of a turn. Runs outside every lock.</summary>
internal interface ITurnTools
{
    /// <summary>What the model is offered, in the same order each time, so that the requests of a turn begin alike.</summary>
    IReadOnlyList<ToolDefinition> Definitions { get; }

    /// <summary>
    /// Runs the calls of one answer, one after the other or at once. A call that cannot be run, fails or is declined has a result that is an
    /// error: nothing of a tool's own is thrown.
    /// </summary>
    /// <param name="calls">The calls, in the model's order. One of a name that was not given is among them too.</param>
    /// <param name="done">
    /// Takes each result as soon as it is there, on the thread that called this method; when it returns, the result is on the disk. What it
    /// throws ends the run: no other tool is to begin.
    /// </param>
    /// <param name="cancellationToken">Stops the tools that run; those that did not give a result stay without one.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    void Run(IReadOnlyList<ToolCallContent> calls, Action<ToolResultMessage> done, CancellationToken cancellationToken);

    /// <summary>What becomes of a call that was without a result when the turn was taken up again: the process that ran it may have ended.</summary>
    /// <param name="name">The tool.</param>
    InterruptedCall OnInterrupted(string name);
}
