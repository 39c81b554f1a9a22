using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>What a row of Get-OpiCost stands for.</summary>
public enum CostGrouping
{
    /// <summary>A session.</summary>
    Session,

    /// <summary>A turn.</summary>
    Turn,

    /// <summary>A model.</summary>
    Model,
}

/// <summary>Gives what sessions cost.</summary>
[Cmdlet(VerbsCommon.Get, "OpiCost")]
[OutputType(typeof(OpiCost))]
[OutputType(typeof(OpiTurnCost))]
public sealed class GetOpiCostCommand : OpiCmdlet
{
    private readonly CostReport _report = new(PricingCatalog.Default);

    /// <summary>The session: an open one, an id or a path. All of the folder by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public SessionReference? Session { get; set; }

    /// <summary>What a row stands for.</summary>
    [Parameter]
    public CostGrouping By { get; set; }

    /// <summary>The folder of the sessions.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => PricesInForce();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Session is not null)
        {
            ForItem(() => AddSession(PathOf(Session, Folder), Session.Session?.Model));
        }
        else if (!MyInvocation.ExpectingInput)
        {
            ForItem(AddFolder);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WriteObject(_report.ModelRows(), enumerateCollection: true);
        foreach (string model in _report.UnpricedModels)
        {
            WriteWarning(model.Length == 0
                ? "Some answers name no model, so their cost is unknown. Give New-OpiSession a -Model."
                : $"The model '{model}' has no price, so its cost is unknown. Get-OpiPricing lists the prices.");
        }
    }

    private void AddFolder()
    {
        using var progress = new ScanProgress(this, "Adding up costs");
        FileInfo[] files = [.. StoreAt(Folder).Files()];
        for (int i = 0; i < files.Length; i++)
        {
            progress.At(files[i].Name, i, files.Length);
            try
            {
                AddSession(files[i].FullName, null);
            }
            catch (OpiException error)
            {
                WriteWarning(error.Message);
            }
        }
    }

    private void AddSession(string path, string? fallbackModel)
    {
        using SessionReader reader = OpenReader(path);
        switch (By)
        {
            case CostGrouping.Turn:
                WriteObject(_report.TurnRows(reader, fallbackModel), enumerateCollection: true);
                break;
            case CostGrouping.Model:
                _report.AddToModels(reader, fallbackModel);
                break;
            default:
                WriteObject(_report.SessionRow(reader, fallbackModel));
                break;
        }
    }
}
