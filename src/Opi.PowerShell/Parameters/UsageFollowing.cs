using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Follows logs for a cmdlet, and says once what could not be read and which costs are not known.</summary>
internal sealed class UsageFollowing(Cmdlet cmdlet, UsageQuery query, CancellationToken cancellation)
{
    private readonly UsageFollower _follower = new(UsageReading.Prepare(cmdlet, query), PricingCatalog.Default, TimeProvider.System);
    private readonly HashSet<string> _unpriced = new(StringComparer.Ordinal);
    private bool _isFirst = true;

    /// <summary>The responses that were added since the last call; with the first one all that there are.</summary>
    public OpiUsage[] Next()
    {
        OpiUsage[] rows = _follower.Next(null, cancellation);
        UsageScanResult result = _follower.Result;
        bool isNews = result.Unknown.Models.Keys.Concat(result.Unknown.Details.Keys).Where(_unpriced.Add).ToArray().Length > 0;
        if (_isFirst || isNews || result.Findings.Count > 0)
        {
            UnknownCosts unknown = _isFirst || isNews ? result.Unknown : new UnknownCosts();
            foreach (ErrorRecord error in UsageReading.Tell(cmdlet, result, unknown, query, _ => false, cmdlet.WriteWarning))
            {
                cmdlet.WriteError(error);
            }
        }

        _isFirst = false;
        return rows;
    }
}
