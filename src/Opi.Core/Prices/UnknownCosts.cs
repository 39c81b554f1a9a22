namespace Opi;

/// <summary>Why costs are not known, or only in part: how many responses there are of each reason.</summary>
public sealed class UnknownCosts
{
    private readonly NameCounts _models = new();
    private readonly NameCounts _details = new();

    /// <summary>
    /// The models without a price, as <c>provider:model</c> (empty for responses that name none), and how many responses each gave.
    /// </summary>
    public IReadOnlyDictionary<string, int> Models => _models;

    /// <summary>
    /// What of the replies of models with a price has none itself, as <c>provider: member</c>, and how many responses have it.
    /// </summary>
    public IReadOnlyDictionary<string, int> Details => _details;

    /// <summary>How many responses have no reported usage, although their model has a price.</summary>
    public int Unreported { get; private set; }

    /// <summary>How many responses have a known cost that no sum could take in, because it would be beyond what a decimal holds.</summary>
    public int TooLarge { get; internal set; }

    /// <summary>Whether all costs are known.</summary>
    public bool IsEmpty => _models.Count == 0 && _details.Count == 0 && Unreported == 0 && TooLarge == 0;

    /// <summary>Notes a response, where its cost is not known whole.</summary>
    /// <param name="usage">The response.</param>
    /// <param name="model">Its model as <c>provider:model</c>; null when it names none.</param>
    /// <param name="cost">What it costs.</param>
    internal void Note(OpiUsage usage, string? model, UsageCost cost)
    {
        if (cost.IsComplete)
        {
            Unreported += usage.HasUsage ? 0 : 1;
            return;
        }

        string[] details = usage.Billing is { } billing
            ? [.. billing.Unknown.Select(MemberOf).Concat(billing.Fees.Select(fee => fee.Kind)).Distinct()]
            : [];
        string provider = string.IsNullOrEmpty(usage.Provider) ? usage.SourceName ?? usage.Source.ToString() : usage.Provider;
        foreach (string detail in details)
        {
            _details.Add($"{provider}: {detail}");
        }

        if (details.Length == 0 || (cost.Breakdown is null && usage.Tier != ServiceTier.Other))
        {
            _models.Add(model ?? "");
        }
    }

    /// <summary>The member of <c>member=value</c>: its values are as many as there are responses.</summary>
    private static string MemberOf(string unknown) => unknown.AsSpan().IndexOfAny('=', ':') is > 0 and int end ? unknown[..end] : unknown;
}
