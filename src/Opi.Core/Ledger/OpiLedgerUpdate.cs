namespace Opi;

/// <summary>What an update of the ledger did.</summary>
/// <param name="Path">The ledger's folder.</param>
/// <param name="Added">Responses that it did not have.</param>
/// <param name="Updated">Responses that it had with fewer tokens, as they were while they still streamed.</param>
/// <param name="Known">Responses that it had.</param>
/// <param name="Sources">The same for each source that had any.</param>
public sealed record OpiLedgerUpdate(string Path, long Added, long Updated, long Known, IReadOnlyList<OpiLedgerSource> Sources)
{
    private readonly ValueList<OpiLedgerSource> _sources = new(new TextList<OpiLedgerSource>(Sources));

    /// <summary>The same for each source that had any. As text it is one line.</summary>
    public IReadOnlyList<OpiLedgerSource> Sources { get => _sources.Items; init => _sources = new(value); }
}
