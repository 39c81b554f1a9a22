using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>What was read from a price file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Source">Whose data it has: genai-prices or LiteLLM.</param>
/// <param name="Version">The date of the data: the one in the file's name, else when the file was last written.</param>
/// <param name="Providers">How many providers it has.</param>
/// <param name="Models">How many models it has.</param>
/// <param name="Prices">How many of its models have a price.</param>
public sealed partial record PricingImport(string Path, string Source, string Version, int Providers, int Models, int Prices)
{
    /// <summary>Reads a price file of genai-prices or LiteLLM, whole.</summary>
    /// <exception cref="InvalidPriceFileException">An entry is not as it must be, or it is neither's file.</exception>
    internal static (Catalog Catalog, PricingImport Summary) Read(string path, Catalog frame)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(RegularFile.ReadAllBytes(path));
            Match date = Date().Match(System.IO.Path.GetFileName(path));
            string version = date.Success ? date.Value : File.GetLastWriteTimeUtc(path).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            Catalog catalog = CatalogBuilder.Build([(document.RootElement, version)], frame);
            CatalogModel[] models = [.. catalog.Providers.SelectMany(provider => provider.Models)];
            int prices = models.Count(model => model.Prices.Count > 0);
            return prices > 0
                ? (catalog, new PricingImport(path, catalog.Sources[0].Name, version, catalog.Providers.Count, models.Length, prices))
                : throw new FormatException("no model in it has a price");
        }
        catch (PriceEntryException error)
        {
            throw new InvalidPriceFileException(path, error.Entry, error.Message, error);
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidPriceFileException(path, null, error.Message.TrimEnd('.'), error);
        }
    }

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex Date();
}
