using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>What was read from a price file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Source">Whose data it has: genai-prices, LiteLLM, models.dev or pi-ai.</param>
/// <param name="Version">The date of the data, as yyyy-MM-dd: the one in the file's name, else when the file was last written.</param>
/// <param name="Providers">How many providers it has.</param>
/// <param name="Models">How many models it has.</param>
/// <param name="Prices">How many of its models have a price.</param>
public sealed partial record PricingImport(string Path, string Source, string Version, int Providers, int Models, int Prices)
{
    private readonly ValueList<string> _skippedEntries;

    private const int MaxDepth = 512;

    /// <summary>How many entries were left out because this Opi does not understand them.</summary>
    public int Skipped => SkippedEntries.Count;

    /// <summary>Those entries, each with the reason.</summary>
    public IReadOnlyList<string> SkippedEntries { get => _skippedEntries.Items; init => _skippedEntries = new(value); }

    /// <summary>Whether the data is older than the prices that this Opi comes with.</summary>
    public bool IsOlder { get; init; }

    /// <summary>Reads a price file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frame">Whose providers name the models of a list that has no rules for them.</param>
    /// <param name="strict">Whether one entry that is not understood refuses the file.</param>
    /// <returns>The catalogue as bytes, and what it has.</returns>
    /// <exception cref="OpiException">InvalidPriceFile: an entry is not valid, or it is not one of the known files.</exception>
    internal static (byte[] Catalog, PricingImport Summary) Read(string path, Catalog frame, bool strict)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(RegularFile.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = MaxDepth });
            string version = DateOf(path);
            var entries = new EntryReader(strict);
            CatalogDraft draft = CatalogBuilder.BuildWhole([(document.RootElement, version)], frame, entries);
            CatalogModel[] models = [.. draft.Providers.SelectMany(provider => provider.Models)];
            int prices = models.Count(model => model.Prices.Count > 0);
            if (prices == 0)
            {
                throw new FormatException(
                    entries.Skipped.Count > 0 ? $"no model in it has a price; {entries.Skipped[0]}" : "no model in it has a price");
            }

            var summary = new PricingImport(path, draft.Sources[0].Name, version, draft.Providers.Count, models.Length, prices)
            {
                SkippedEntries = entries.Skipped,
            };
            return (CatalogWriter.ToBytes(draft), summary);
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

    /// <summary>The date in a file's name, else when it was last written; one that is not a date of the calendar does not count.</summary>
    private static string DateOf(string path)
    {
        Match date = Date().Match(System.IO.Path.GetFileName(path));
        return date.Success && DateOnly.TryParseExact(date.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? date.Value
            : File.GetLastWriteTimeUtc(path).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex Date();
}
