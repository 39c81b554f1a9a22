using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Takes the prices of a newer file of genai-prices, LiteLLM, models.dev or pi-ai.</summary>
[Cmdlet(VerbsData.Import, "OpiPricing", SupportsShouldProcess = true, DefaultParameterSetName = FromFile)]
[OutputType(typeof(PricingImport))]
public sealed class ImportOpiPricingCommand : OpiCmdlet
{
    private const string FromFile = "Path";
    private const string BackToBuiltIn = "Reset";
    private const int MaxNamed = 3;

    /// <summary>
    /// The file: data.json or data_slim.json of genai-prices, model_prices_and_context_window.json of LiteLLM, api.json of models.dev, or
    /// pi-ai's model data.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromFile, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Refuses the file where one of its entries is not understood. The default is to leave such entries out.</summary>
    [Parameter(ParameterSetName = FromFile)]
    public SwitchParameter Strict { get; set; }

    /// <summary>Takes out what was imported, so that the catalogue of the module counts again.</summary>
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
            PricingImport import = PricingCatalog.Import(path, Strict);
            Warn(import);
            WriteObject(import);
        }
    }

    private void Warn(PricingImport import)
    {
        if (import.Skipped > 0)
        {
            string named = string.Join("; ", import.SkippedEntries.Take(MaxNamed));
            WriteWarning(string.Create(
                CultureInfo.InvariantCulture,
                $"'{import.Path}': {import.Skipped} {(import.Skipped == 1 ? "entry was" : "entries were")} not understood and left out: {named}"
                    + $"{(import.Skipped > MaxNamed ? "; and others" : "")}. -Verbose names all of them; -Strict refuses such a file."));
            foreach (string entry in import.SkippedEntries)
            {
                WriteVerbose($"Left out: {entry}.");
            }
        }

        if (import.IsOlder)
        {
            WriteWarning(
                $"'{import.Path}' is of {import.Version}, which is before the prices of this module, and goes before them all the same. "
                    + "Import-OpiPricing -Reset takes it out.");
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
