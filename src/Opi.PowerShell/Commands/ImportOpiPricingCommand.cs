using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Takes the prices of a newer file of genai-prices or LiteLLM.</summary>
[Cmdlet(VerbsData.Import, "OpiPricing", SupportsShouldProcess = true, DefaultParameterSetName = FromFile)]
[OutputType(typeof(PricingImport))]
public sealed class ImportOpiPricingCommand : OpiCmdlet
{
    private const string FromFile = "Path";
    private const string BackToBuiltIn = "Reset";

    /// <summary>The file: data.json of genai-prices, or model_prices_and_context_window.json of LiteLLM.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromFile, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Takes out what was imported, so that the catalogue of the module is in force again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BackToBuiltIn)]
    public SwitchParameter Reset { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Reset ? TakeOut : Import, Reset ? null : Path);

    private void Import()
    {
        string path = ResolveFilePath(Path);
        if (!File.Exists(path))
        {
            WriteError(new ErrorRecord(
                new ItemNotFoundException($"There is no file '{path}'."), "PriceFileNotFound", ErrorCategory.ObjectNotFound, Path));
        }
        else if (ShouldProcess(path, "Import prices"))
        {
            WriteObject(PricingCatalog.Import(path));
        }
    }

    private void TakeOut()
    {
        if (ShouldProcess("imported prices", "Remove") && !PricingCatalog.ResetImport())
        {
            WriteVerbose("Nothing was imported.");
        }
    }
}
