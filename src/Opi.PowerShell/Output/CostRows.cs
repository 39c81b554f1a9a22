using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// The rows of a cost report as objects: an OpiCost, and before its own properties one for each key that it has not. So all rows of a report
/// have the same properties, and only those that it asked for.
/// </summary>
internal sealed class CostRows(CostGrouping[] by, TimeZoneInfo zone, decimal? budget, CostChoice choice)
{
    private const string TypeName = "Opi.OpiCost#";
    private const string LogsTypeName = "Opi.OpiCost@Logs";
    private const string OverviewTypeName = "Opi.OpiCost@Overview";

    private static readonly string[] Figures =
    [
        nameof(OpiCost.InputTokens), nameof(OpiCost.OutputTokens), nameof(OpiCost.CacheReadTokens), nameof(OpiCost.CacheWriteTokens),
        nameof(OpiCost.TotalCost), nameof(OpiCost.KnownCost), nameof(OpiCost.CostSource), nameof(OpiCost.Currency), nameof(OpiCost.Priced),
    ];

    private readonly string _names = string.Join(',', Array.ConvertAll(by, key => key.ToString()));
    private ShownProperties? _shown;

    /// <summary>The keys that a row's type name holds, also of a row from another machine; null when it holds none.</summary>
    public static string? KeysOf(string typeName)
    {
        int end = typeName.IndexOf(TypeName, StringComparison.Ordinal) is >= 0 and int start ? start + TypeName.Length : typeName.Length;
        return typeName[end..] is { Length: > 0 } keys and not "Budget" ? keys : null;
    }

    public CostGroups Groups { get; init; } = new(by, zone, PricingCatalog.Default, choice);

    /// <summary>The period of an overview that the rows are of; null outside of an overview.</summary>
    public CostOverview.Part? Part { get; init; }

    /// <summary>The moment of the report.</summary>
    public DateTimeOffset Now { get; } = DateTimeOffset.Now;

    /// <summary>When the period began that is now; null for a block, which depends on what came before.</summary>
    public DateTimeOffset? CurrentSince => CostGroups.StartOf(by[0], Now, zone);

    public CostGroup Current => Groups.ToPeriod(Now);

    /// <summary>A period as a text, for example 2026-11-24.</summary>
    public string NameOf(CostGroup period) => Text(by[0], period.Keys[0])?.ToString() ?? "";

    /// <summary>The rows, sorted.</summary>
    /// <param name="current">Whether only the period that is now is wanted.</param>
    /// <param name="total">Whether a total is wanted.</param>
    /// <param name="query">What the responses were.</param>
    public IEnumerable<PSObject> ToObjects(bool current, bool total, UsageQuery query)
    {
        bool isNow = !(Now < query.Since || Now >= query.Until);
        CostGroup? running = current || (budget is not null && Groups.IsByPeriod && isNow) ? Current : null;
        IReadOnlyList<CostGroup> rows = current ? [running!] : Groups.ToRows();
        bool hasTurns = rows.Any(row => row.Cost.Turns > 0);
        _shown = Shown(hasTurns, total);
        bool hasBars = !Has(CostGrouping.Turn) && !Has(CostGrouping.Response);
        BarScale? scale = hasBars ? BarScale.Of(rows) : null;
        foreach (CostGroup row in rows)
        {
            scale?.Note(row.Cost);
            yield return ToObject(row, hasTurns, total, isTotal: false);
        }

        if (total)
        {
            yield return ToObject(Groups.ToTotal(), hasTurns, total, isTotal: true);
        }
    }

    private PSObject ToObject(CostGroup group, bool hasTurns, bool total, bool isTotal)
    {
        var row = new PSObject(group.Cost);
        if (Part is { } part)
        {
            row.Properties.Add(new PSNoteProperty("Period", part.Period.ToString()));
            row.Properties.Add(new PSNoteProperty("Since", Text(CostGrouping.Day, part.Since)));
        }

        for (int i = 0; i < by.Length; i++)
        {
            if (!IsProperty(by[i], group.Cost))
            {
                row.Properties.Add(new PSNoteProperty(by[i].ToString(), Text(by[i], group.Keys[i])));
            }
            else if (by[i] is CostGrouping.Session or CostGrouping.Model or CostGrouping.Machine or CostGrouping.User)
            {
                // A file has the keys first, in their order, before what is only added to the row. A row of an overview may have no response.
                string? key = isTotal ? null : group.Keys[i]?.ToString();
                (string name, string? value) = by[i] switch
                {
                    CostGrouping.Session => (nameof(OpiCost.SessionId), group.Cost.SessionId),
                    CostGrouping.Machine => (nameof(OpiCost.Machine), group.Cost.Machine ?? key),
                    CostGrouping.User => (nameof(OpiCost.User), group.Cost.User ?? key),
                    _ => (nameof(OpiCost.Model), group.Cost.Model ?? key),
                };
                row.Properties.Add(new PSNoteProperty(name, value));
            }
        }

        if (Has(CostGrouping.Session))
        {
            AddNote(row, nameof(CostGrouping.Project), isTotal ? null : group.Project);
            AddNote(row, "First", UtcText(group.First));
            AddNote(row, "Last", UtcText(group.Last));
        }

        if (Has(CostGrouping.Block))
        {
            row.Properties.Add(new PSNoteProperty("Ends", isTotal ? null : Text(CostGrouping.Block, group.Ends)));
            row.Properties.Add(new PSNoteProperty("BurnRate", isTotal ? null : group.BurnRate));
            row.Properties.Add(new PSNoteProperty("Projected", isTotal ? null : group.Projected(Now)));
        }

        if (budget is { } limit)
        {
            row.Properties.Add(new PSNoteProperty("Budget", isTotal ? null : limit));
            row.Properties.Add(new PSNoteProperty("Remaining", isTotal ? null : group.Remaining(limit)));
            row.Properties.Add(new PSNoteProperty("OverBudget", isTotal ? null : group.IsOver(limit)));
        }

        if (total)
        {
            row.Properties.Add(new PSNoteProperty("IsTotal", isTotal));
        }

        if (budget is not null || group.Cost.GetType() == typeof(OpiCost))
        {
            row.TypeNames.Insert(0, TypeName);
            row.TypeNames.Insert(0, TypeName + _names);
        }

        if (by is [CostGrouping.Session] && !hasTurns)
        {
            row.TypeNames.Insert(0, LogsTypeName); // other agents log no turns, so that the column would be empty
        }

        if (budget is not null)
        {
            row.TypeNames.Insert(0, TypeName + "Budget");
        }

        if (Part is not null)
        {
            row.TypeNames.Insert(0, OverviewTypeName);
            row.TypeNames.Insert(0, $"{OverviewTypeName}{_names}");
        }

        _shown!.AddTo(row);
        return row;
    }

    /// <summary>What a list shows of the rows.</summary>
    private ShownProperties Shown(bool hasTurns, bool total)
    {
        string[] keys = Array.ConvertAll(by, key => key switch
        {
            CostGrouping.Session => nameof(OpiCost.SessionId),
            CostGrouping.Response => nameof(OpiResponseCost.ResponseId),
            _ => key.ToString(),
        });
        bool isResponse = Has(CostGrouping.Response);
        List<string> others =
        [
            .. isResponse || Has(CostGrouping.Turn) ? (string[])[nameof(OpiCost.SessionId), nameof(OpiTurnCost.Timestamp)] : [],
            .. isResponse ? (string[])[nameof(OpiResponseCost.Source), nameof(OpiResponseCost.Project)] : [],
            nameof(OpiCost.Model),
            .. Has(CostGrouping.Session) && hasTurns ? (string[])[nameof(OpiCost.Turns)] : [],
            .. isResponse ? [] : (string[])[nameof(OpiCost.Responses)],
            .. Figures,
            .. Has(CostGrouping.Block) ? (string[])["Ends", "BurnRate", "Projected"] : [],
            .. budget is null ? [] : (string[])["Budget", "Remaining", "OverBudget"],
            .. total ? (string[])["IsTotal"] : [],
        ];
        return new ShownProperties([.. Part is null ? [] : (string[])["Period", "Since"], .. keys], others);
    }

    private bool Has(CostGrouping key) => CostGroups.IndexOf(by, key) >= 0;

    /// <summary>Adds what a row over sessions has besides its keys.</summary>
    private static void AddNote(PSObject row, string name, string? value)
    {
        if (row.Properties[name] is null)
        {
            row.Properties.Add(new PSNoteProperty(name, value));
        }
    }

    private static string? UtcText(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool IsProperty(CostGrouping key, OpiCost row) => key switch
    {
        CostGrouping.Session or CostGrouping.Model or CostGrouping.Machine or CostGrouping.User => true,
        CostGrouping.Turn or CostGrouping.Response => true,
        CostGrouping.Project or CostGrouping.Source => row is OpiResponseCost,
        _ => false,
    };

    /// <summary>
    /// The key as a value that is the same in every culture, in CSV, JSON and CLIXML, and that sorts correctly. The time types
    /// of the framework are written to a CSV file in the culture's format, and DateOnly becomes several members in JSON and CLIXML.
    /// </summary>
    private static object? Text(CostGrouping grouping, object? key) => key switch
    {
        DateOnly month when grouping == CostGrouping.Month => month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        UsageSource source => source.ToString(),
        _ => key,
    };
}
