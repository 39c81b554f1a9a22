namespace Opi;

/// <summary>Brings the parts of one source together in one scan, so that each response is given once.</summary>
internal abstract class UsageMerge
{
    /// <summary>Whether no two drafts that it gives have the same key.</summary>
    public virtual bool IsUnique => false;

    /// <summary>The turns without a response, complete after <see cref="End"/>.</summary>
    public virtual IReadOnlyCollection<IdleTurn> IdleTurns => [];

    /// <summary>What else could not be read, complete after <see cref="End"/>.</summary>
    public virtual IReadOnlyCollection<UsageFinding> Findings => [];

    /// <summary>
    /// The keys of what an earlier scan took for responses and this one knows for copies, complete after <see cref="End"/>. The ledger may have
    /// them.
    /// </summary>
    public virtual IReadOnlyCollection<string> RefutedKeys => [];

    /// <summary>Hands over what the same scan read of the ledger, before <see cref="End"/>.</summary>
    /// <param name="parts">The parts of the ledger; empty where the scan does not read it.</param>
    public virtual void UseLedger(IReadOnlyList<LogPart> parts)
    {
    }

    /// <summary>
    /// Takes a part that was read, in any order. Gives those of its responses that no other part can change, so that a scan of many
    /// files need not hold them all.
    /// </summary>
    public virtual IEnumerable<UsageDraft> Add(LogPart part) => [];

    /// <summary>
    /// The files that were skipped because they have nothing of the time that is asked for, and without which others cannot be understood.
    /// </summary>
    /// <param name="parts">All parts of the source that were read.</param>
    /// <param name="aside">The files of the source that were skipped.</param>
    public virtual IReadOnlyCollection<LogFile> Lacking(IReadOnlyList<LogPart> parts, IReadOnlyCollection<LogFile> aside) => [];

    /// <summary>Gives the other responses, after all parts were added. Each may be used again for the next one: who keeps one keeps a copy.</summary>
    /// <param name="parts">All parts of the source, in the order in which they were found.</param>
    /// <param name="cancellation">Stops the work.</param>
    public abstract IEnumerable<UsageDraft> End(IReadOnlyList<LogPart> parts, CancellationToken cancellation);
}
