using System.Globalization;
using System.IO.Enumeration;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Opi;

/// <summary>The user's own prices, kept in <c>pricing.json</c> of the settings folder.</summary>
internal sealed class UserPricing
{
    /// <summary>What <see cref="ModelPricing.Source"/> says of them.</summary>
    public const string Source = "User";

    private const int Version = 1;
    private const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(5);
    private static JsonWriterOptions Options => new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private UserPricing(IReadOnlyList<ModelPricing> prices) => Prices = prices;

    /// <summary>None.</summary>
    public static UserPricing Empty { get; } = new([]);

    /// <summary>The prices in the order in which they are tried: names before patterns, and of those the longer ones first.</summary>
    public IReadOnlyList<ModelPricing> Prices { get; }

    /// <summary>The name or pattern that a price is for.</summary>
    public static string Name(ModelPricing price) => ModelName.Join(price.Provider, price.Model) ?? "";

    /// <summary>Reads them; none when there is no file.</summary>
    /// <exception cref="InvalidPriceFileException">The file is not as it must be.</exception>
    public static UserPricing Read(string path)
    {
        string? entry = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(RegularFile.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            if (
                root.ValueKind != JsonValueKind.Object
                    || PriceFile.Count(root, "format") != Version
                    || !root.TryGetProperty("prices", out JsonElement prices))
            {
                throw new FormatException($"it is no object with \"format\": {Version} and \"prices\"");
            }

            var read = new List<ModelPricing>();
            foreach (JsonElement price in prices.EnumerateArray())
            {
                entry = $"price {read.Count + 1}";
                string model = PriceFile.Text(price, "model") is { Length: > 0 } text ? text : throw new FormatException("it has no model");
                entry = model;
                read.Add(ReadPrice(price, model));
            }

            return new UserPricing(InOrder(read));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Empty;
        }
        catch (Exception error) when (
            error is JsonException or FormatException or InvalidOperationException or UnauthorizedAccessException or IOException)
        {
            throw new InvalidPriceFileException(path, entry, error.Message.TrimEnd('.'), error);
        }
    }

    /// <summary>Sets a price in the file, in place of the one of the same name and time, or takes it out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name or pattern.</param>
    /// <param name="validFrom">The time; null for always.</param>
    /// <param name="price">The price; null to take out all of this name.</param>
    /// <returns>Whether something changed.</returns>
    /// <exception cref="InvalidPriceFileException">The file is not as it must be. It was left as it is.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static bool Change(string path, string name, DateTimeOffset? validFrom, ModelPricing? price)
    {
        OpiFolders.Create(Path.GetDirectoryName(path)!);
        // so that of two that change it at once none loses the other's price
        using FileLock guard = FileLock.TryAcquire(path + ".lock", LockTime, out int? holder)
            ?? throw new IOException($"another process{(holder is { } id ? $" ({id})" : "")} is changing '{path}'");
        IReadOnlyList<ModelPricing> before = Read(path).Prices;
        List<ModelPricing> after = [.. before.Where(other => !Same(Name(other), name) || (price is not null && other.ValidFrom != validFrom))];
        if (price is null && after.Count == before.Count)
        {
            return false;
        }

        NewFile.Write(path, replace: true, stream => Write(stream, price is null ? after : [.. after, price]));
        return true;
    }

    /// <summary>The price that one of these names has at a time; null when there is none.</summary>
    public ModelPricing? Find(IEnumerable<string> names, DateTimeOffset at)
    {
        foreach (ModelPricing price in Prices)
        {
            if (price.IsValidAt(at) && names.Any(name => IsFor(Name(price), name)))
            {
                return price;
            }
        }

        return null;
    }

    /// <summary>Whether a name is a pattern for several.</summary>
    public static bool IsPattern(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    private static bool IsFor(string pattern, string name) =>
        IsPattern(pattern)
            ? FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), name)
            : Same(pattern, name);

    private static IReadOnlyList<ModelPricing> InOrder(IEnumerable<ModelPricing> prices) =>
        [.. prices
            .OrderBy(price => IsPattern(Name(price)))
            .ThenByDescending(price => Name(price).Length)
            .ThenBy(Name, StringComparer.OrdinalIgnoreCase)
            .ThenByDescending(price => price.ValidFrom ?? DateTimeOffset.MinValue)];

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static ModelPricing ReadPrice(JsonElement json, string name)
    {
        (string provider, string model) = ModelName.Split(name);
        string? from = PriceFile.Text(json, "from");
        return new ModelPricing(
            provider,
            model,
            PriceFile.Amount(json, "input") ?? throw new FormatException("it has no input price"),
            PriceFile.Amount(json, "output") ?? throw new FormatException("it has no output price"),
            PriceFile.Amount(json, "cacheRead"),
            PriceFile.Amount(json, "cacheWrite"),
            Source)
        {
            CacheWrite1hPrice = PriceFile.Amount(json, "cacheWrite1h"),
            SearchPrice = PriceFile.Amount(json, "search"),
            ContextWindow = PriceFile.Count(json, "window"),
            ValidFrom = from is null
                ? null
                : DateTimeOffset.ParseExact(from, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        };
    }

    private static void Write(Stream stream, IEnumerable<ModelPricing> prices)
    {
        using var writer = new Utf8JsonWriter(stream, Options);
        writer.WriteStartObject();
        writer.WriteNumber("format", Version);
        writer.WriteStartArray("prices");
        foreach (ModelPricing price in InOrder(prices))
        {
            writer.WriteStartObject();
            writer.WriteString("model", Name(price));
            if (price.ValidFrom is { } from)
            {
                writer.WriteString("from", from.ToUniversalTime().ToString(DateFormat, CultureInfo.InvariantCulture));
            }

            writer.WriteNumber("input", price.InputPrice);
            writer.WriteNumber("output", price.OutputPrice);
            Write(writer, "cacheRead", price.CacheReadPrice);
            Write(writer, "cacheWrite", price.CacheWritePrice);
            Write(writer, "cacheWrite1h", price.CacheWrite1hPrice);
            Write(writer, "search", price.SearchPrice);
            Write(writer, "window", price.ContextWindow);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, decimal? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
