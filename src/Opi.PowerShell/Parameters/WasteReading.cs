using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Scans logs for waste, with progress, and says what could not be read.</summary>
internal static class WasteReading
{
    /// <summary>Runs a query.</summary>
    /// <param name="cmdlet">Who asks.</param>
    /// <param name="query">Which responses.</param>
    /// <param name="kinds">Which kinds are wanted.</param>
    /// <param name="isNamed">Whether the user named a file or folder: what is wrong with it is an error.</param>
    /// <param name="cancellation">Stops the scan.</param>
    public static IReadOnlyList<OpiWaste> ReadWaste(
        this Cmdlet cmdlet, UsageQuery query, IReadOnlyCollection<WasteKind> kinds, Func<string, bool> isNamed, CancellationToken cancellation)
    {
        using var progress = new ScanProgress(cmdlet, "Looking for waste");
        (UsageScanResult result, IReadOnlyList<OpiWaste> waste) = WasteScan.Run(
            query with { SessionModels = UsageReading.GivenModels() },
            kinds,
            at => progress.At($"{at.BytesRead / 1_000_000} of {at.Bytes / 1_000_000} MB", at.BytesRead, Math.Max(1, at.Bytes)),
            cancellation);
        foreach (ErrorRecord error in FindingText.Errors(result.Findings, isNamed))
        {
            cmdlet.WriteError(error);
        }

        if (FindingText.Warning(result.Findings, isNamed) is { } text)
        {
            cmdlet.WriteWarning(VisibleText.Of(text));
        }

        foreach (UsageFinding finding in result.Findings)
        {
            cmdlet.WriteVerbose(VisibleText.Of(FindingText.Line(finding)));
        }

        int unknown = waste.Count(row => row.Cost is null);
        if (unknown > 0)
        {
            cmdlet.WriteWarning(
                $"The cost of {UnknownCostText.Count(unknown, "row", "rows")} is not known: there is no price for its model. Get-OpiPricing lists "
                    + "the prices, and Set-OpiPricing adds one.");
        }

        return waste;
    }
}
