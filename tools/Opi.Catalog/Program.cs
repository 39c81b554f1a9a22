using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi.CatalogTool;

/// <summary>
/// Builds <c>src/Opi.Core/Prices/catalog.jsonl</c> from the price files of genai-prices and LiteLLM. The date in a file's name becomes its
/// version: name it <c>litellm_2026-08-01.json</c>.
/// </summary>
internal static partial class Program
{
    private const int Failed = 1;
    private const int BadArguments = 2;

    private static int Main(string[] args)
    {
        if (args.Length != 3)
        {
            Console.Error.WriteLine("Usage: dotnet run --project tools/Opi.Catalog -- <genai-prices.json> <litellm.json> <catalog.jsonl>");
            return BadArguments;
        }

        try
        {
            Catalog catalog = CatalogBuilder.Build([.. args.Take(2).Select(Read)]);
            using FileStream stream = File.Create(args[2]);
            CatalogFormat.Write(stream, catalog);
            Console.WriteLine(
                $"{catalog.Providers.Count} providers, {catalog.Providers.Sum(provider => provider.Models.Count)} models, {stream.Length} bytes");
            return 0;
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
