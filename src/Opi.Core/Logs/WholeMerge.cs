namespace Opi;

/// <summary>Holds all parts of a source to the end, and has the source bring them together.</summary>
internal sealed class WholeMerge(UsageLog log) : UsageMerge
{
    /// <inheritdoc/>
    public override IEnumerable<UsageDraft> End(IReadOnlyList<LogPart> parts, CancellationToken cancellation) => log.Merge(parts, cancellation);
}
