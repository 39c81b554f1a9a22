namespace Opi.Tests;

/// <summary>Short ways to search.</summary>
internal static class Find
{
    public static IReadOnlyList<OpiSearchHit> Of(SearchRequest request) => SearchScan.Run(request, null, CancellationToken.None).Hits;

    public static IReadOnlyList<OpiSearchHit> Text(string text, UsageSource source, params string[] paths) =>
        Of(new SearchRequest { Text = text, Sources = [source], Paths = paths });

    /// <summary>All sources that have messages.</summary>
    public static UsageSource[] Sources { get; } =
        [.. Enum.GetValues<UsageSource>().Except([UsageSource.Ledger, UsageSource.Other])];
}
