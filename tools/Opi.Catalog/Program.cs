using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi.CatalogTool;

/// <summary>
/// Builds <c>src/Opi.Core/Prices/catalog.tsv</c> from the price files of genai-prices, LiteLLM and pi-ai, and from
/// <c>additions.json</c> beside this program. The date in a file's name becomes its version: name it <c>litellm_2026-08-01.json</c>.
/// </summary>
internal static partial class Program
{
    private const int Failed = 1;
    private const int BadArguments = 2;

    private static int Main(string[] args)
    {
        if (args.Length < 3 || !args[^1].EndsWith(".tsv", StringComparison.Ordinal))
        {
            Console.Error.WriteLine("Usage: dotnet run --project tools/Opi.Catalog -- <price file>... <additions.json> <catalog.tsv>");
            return BadArguments;
        }

        try
        {
            (JsonElement Root, string Version)[] files = [.. args[..^2].Select(Read)];
            Additions additions = Additions.Read(args[^2]);
            var entries = new EntryReader(strict: false);
            CatalogDraft draft = CatalogBuilder.Build(files, additions.Frame, entries, additions.Keeps);
            additions.Apply(draft);
            CatalogBuilder.Complete(draft, CatalogBuilder.BareNamesOf(files, draft));
            byte[] bytes = CatalogWriter.ToBytes(draft);
            File.WriteAllBytes(args[^1], bytes);
            foreach (string skipped in entries.Skipped)
            {
                Console.WriteLine($"left out: {skipped}");
            }

            int models = draft.Providers.Sum(provider => provider.Models.Count);
            Console.WriteLine($"{draft.Providers.Count} providers, {models} models, {bytes.Length} bytes");
            return files.All(file => Coverage.Report(file.Root, new Catalog(bytes, ""), additions)) ? 0 : Failed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            Console.Error.WriteLine(error.Message);
            return Failed;
        }
        catch (PriceEntryException error)
        {
            Console.Error.WriteLine($"{error.Entry}: {error.Message}");
            return Failed;
        }
    }

    private static (JsonElement Root, string Version) Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        Match date = Date().Match(Path.GetFileName(path));
        return (document.RootElement.Clone(), date.Success ? date.Value : throw new FormatException($"'{path}' has no date in its name."));
    }

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex Date();
}
