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

    private readonly Dictionary<string, List<int>> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<int> _patterns = [];

    private UserPricing(IReadOnlyList<ModelPricing> prices)
    {
        Prices = prices;
        for (int i = 0; i < prices.Count; i++)
        {
            string name = Name(prices[i]);
            if (IsPattern(name))
            {
                _patterns.Add(i);
            }
            else if (_names.TryGetValue(name, out List<int>? same))
            {
                same.Add(i);
            }
            else
            {
                _names.Add(name, [i]);
            }
        }
    }

    public static UserPricing Empty { get; } = new([]);

    /// <summary>The prices in the order in which they are tried: names before patterns, and of those the longer ones first.</summary>
    public IReadOnlyList<ModelPricing> Prices { get; }

    public static string Name(ModelPricing price) => ModelName.Join(price.Provider, price.Model) ?? "";

    public static ModelPricing AsOwn(ModelPricing price) => price with
    {
        Source = Source,
        Origin = null,
        PriceDate = null,
        Tiers = [],
        DailyFrom = null,
        DailyUntil = null,
        WeekdaysOnly = false,
        MaxOutputTokens = null,
    };

    /// <summary>Reads them; none when there is no file.</summary>
    /// <exception cref="InvalidPriceFileException">The file is not as it must be.</exception>
    /// <exception cref="PriceFileNotReadableException">It is there and cannot be read.</exception>
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
                throw new FormatException($"it is not an object with \"format\": {Version} and \"prices\"");
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
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new PriceFileNotReadableException(path, error);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidPriceFileException(path, entry, error.Message.TrimEnd('.'), error);
        }
    }

    /// <summary>Sets prices in the file. Each replaces the one with the same name and time.</summary>
    /// <exception cref="InvalidPriceFileException">The file is not as it must be. It was left as it is.</exception>
    /// <exception cref="PriceFileNotReadableException">It is there and cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Set(string path, IReadOnlyCollection<ModelPricing> prices) => Change(path, before =>
    {
        var after = new Dictionary<(string, DateTimeOffset?), ModelPricing>();
        foreach (ModelPricing price in before.Concat(prices))
        {
            after[(Name(price).ToUpperInvariant(), price.ValidFrom)] = price; // what comes later counts
        }

        return [.. after.Values];
    });

    /// <summary>Takes all prices of a name or pattern out of the file.</summary>
    /// <returns>Whether there were any.</returns>
    /// <inheritdoc cref="Set" path="/exception"/>
    public static bool Remove(string path, string name) =>
        Change(path, before => before.Any(price => Same(Name(price), name)) ? [.. before.Where(price => !Same(Name(price), name))] : null);

    /// <summary>The prices that one of these names has, at any time, in the order in which they are tried.</summary>
    public ModelPricing[] Find(IEnumerable<string> names)
    {
        if (Prices.Count == 0)
        {
            return [];
        }

        string[] asked = [.. names];
        IEnumerable<int> exact = asked.SelectMany(name => _names.TryGetValue(name, out List<int>? same) ? same : []);
        IEnumerable<int> byPattern = _patterns.Where(index => asked.Any(name => IsFor(Name(Prices[index]), name)));
        return [.. exact.Concat(byPattern).Distinct().Order().Select(index => Prices[index])];
    }

    public ModelPricing? Find(string name, DateTimeOffset? validFrom)
    {
        IEnumerable<int> candidates = IsPattern(name) ? _patterns : _names.TryGetValue(name, out List<int>? same) ? same : [];
        return candidates.Select(index => Prices[index]).FirstOrDefault(price => price.ValidFrom == validFrom && Same(Name(price), name));
    }

    public static bool IsPattern(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    private static bool IsFor(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), name);

    /// <summary>Changes the file under its lock.</summary>
    /// <param name="path">The file.</param>
    /// <param name="change">Gives the prices that are to be in it; null to leave it as it is.</param>
    private static bool Change(string path, Func<IReadOnlyList<ModelPricing>, IReadOnlyList<ModelPricing>?> change)
    {
        OpiFolders.Create(Path.GetDirectoryName(path)!);
        // so that two processes that change it at once lose nothing
        using FileLock guard = FileLock.TryAcquire(path + ".lock", LockTime, out int? holder)
            ?? throw new IOException($"another process{(holder is { } id ? $" ({id})" : "")} is changing '{path}'");
        if (change(Read(path).Prices) is not { } after)
        {
            return false;
        }

        NewFile.Write(path, replace: true, stream => Write(stream, after));
        return true;
    }

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
        using var writer = new Utf8JsonWriter(LineFeedStream.Over(stream), Options);
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
