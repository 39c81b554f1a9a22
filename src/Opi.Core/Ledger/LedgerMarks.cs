using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>
/// What an update of this user on this machine found, so that the next one need not read the months in which nothing changed: a sum over the
/// responses of each source and month, how each file of the ledger ended, and the state of the log files whose responses the ledger has all. It
/// is next to the ledger. If it is missing, damaged or does not fit, the ledger and the logs are read.
/// </summary>
internal sealed class LedgerMarks
{
    private const string Logs = "logs";
    private const int TailLength = 4096;
    private const ulong Prime = 0x9E3779B97F4A7C15;

    private readonly string _folder;
    private readonly string _path;
    private readonly Dictionary<string, string> _sums = new(StringComparer.Ordinal); // by source and file
    private readonly Dictionary<string, string> _ends = new(StringComparer.Ordinal); // by file
    private readonly Dictionary<string, string> _logs = new(StringComparer.Ordinal); // by source: how many responses, and the state of its logs

    private LedgerMarks(string folder)
    {
        _folder = folder;
        byte[] name = SHA256.HashData(Encoding.UTF8.GetBytes($"{ThisMachine.Name}\n{ThisMachine.User}"));
        _path = Path.Combine(folder, $"ledger-{Convert.ToHexString(name.AsSpan(0, 8))}.seen");
    }

    /// <summary>Reads what the last update noted; nothing where that cannot be read.</summary>
    /// <param name="folder">The ledger's folder.</param>
    public static LedgerMarks Of(string folder)
    {
        var marks = new LedgerMarks(folder);
        try
        {
            using JsonDocument document = JsonDocument.Parse(RegularFile.ReadAllBytes(marks._path));
            foreach ((string member, Dictionary<string, string> texts) in marks.Members)
            {
                // An earlier Opi notes no logs.
                if (document.RootElement.TryGetProperty(member, out JsonElement noted) || member != Logs)
                {
                    foreach (JsonProperty text in noted.EnumerateObject())
                    {
                        texts[text.Name] = text.Value.GetString() ?? "";
                    }
                }
            }

            // Files that another writer changed are read again.
            string[] changed = [.. marks._ends.Where(end => marks.EndOf(end.Key) != end.Value).Select(end => end.Key)];
            foreach (string place in marks._sums.Keys.ToArray())
            {
                if (Array.Exists(changed, file => place.EndsWith(file, StringComparison.Ordinal)))
                {
                    marks._sums.Remove(place);
                }
            }

            if (changed.Length > 0)
            {
                marks._logs.Clear();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            marks._sums.Clear(); // then all is read, as without it
            marks._logs.Clear();
        }

        return marks;
    }

    /// <summary>The sums of some responses, by source and file.</summary>
    public static Dictionary<string, string> SumsOf(IEnumerable<OpiUsage> rows)
    {
        var sums = new Dictionary<string, (long Count, ulong First, ulong Second)>(StringComparer.Ordinal);
        foreach (OpiUsage row in rows)
        {
            LedgerRank rank = LedgerRank.Of(row);
            ulong hash = Prime;
            foreach (char letter in LedgerFile.KeyOf(row))
            {
                hash = Mix(hash ^ letter);
            }

            hash = Mix(Mix(hash ^ (ulong)rank.TotalTokens) ^ ((ulong)rank.Detail << 1) ^ (rank.IsKnown ? 1UL : 0));
            string place = PlaceOf(row);
            (long count, ulong first, ulong second) = sums.GetValueOrDefault(place);
            sums[place] = (count + 1, first + hash, second + Mix(hash ^ Prime)); // in any order
        }

        return sums.ToDictionary(
            sum => sum.Key,
            sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Value.Count} {sum.Value.First:x16}{sum.Value.Second:x16}"));
    }

    /// <summary>Whether the ledger has all of a source and a month, since both are as the last update left them.</summary>
    /// <param name="row">A response of them.</param>
    /// <param name="sums">The sums of today's responses.</param>
    public bool AreKnown(OpiUsage row, Dictionary<string, string> sums)
    {
        string place = PlaceOf(row);
        return _sums.TryGetValue(place, out string? known) && known == sums[place];
    }

    /// <summary>How many responses a source has that are all in the ledger, where its logs are as they were then; null where they are not.</summary>
    public long? CountOf(UsageSource source, LogStates now) =>
        now.Of(source) is { } state && _logs.TryGetValue(source.ToString(), out string? noted) && noted.Split(' ') is [var count, var known]
            && known == state && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long responses)
                ? responses
                : null;

    /// <summary>Notes that the ledger has these responses.</summary>
    /// <param name="sums">The sums of those that were read.</param>
    /// <param name="logs">The logs of which it has all.</param>
    /// <param name="counts">How many responses each source has in all.</param>
    public void Write(Dictionary<string, string> sums, LogStates? logs, IReadOnlyDictionary<UsageSource, long> counts)
    {
        foreach (UsageSource source in logs?.Sources ?? [])
        {
            _logs[source.ToString()] = string.Create(CultureInfo.InvariantCulture, $"{counts.GetValueOrDefault(source)} {logs!.Of(source)}");
        }

        foreach ((string place, string sum) in sums)
        {
            _sums[place] = sum;
        }

        foreach (string file in LedgerFile.FilesOf(_folder).Select(Path.GetFileName).OfType<string>())
        {
            _ends[file] = EndOf(file);
        }

        NewFile.Write(_path, replace: true, stream =>
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartObject();
            foreach ((string member, Dictionary<string, string> texts) in Members)
            {
                json.WriteStartObject(member);
                foreach ((string name, string text) in texts.OrderBy(text => text.Key, StringComparer.Ordinal))
                {
                    json.WriteString(name, text);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }

    private (string Name, Dictionary<string, string> Texts)[] Members => [("sums", _sums), ("ends", _ends), (Logs, _logs)];

    private static string PlaceOf(OpiUsage row) => $"{row.SourceName ?? row.Source.ToString()} {LedgerFile.NameFor(row.Timestamp)}";

    /// <summary>How a file ends: its length, and a sum of its last bytes.</summary>
    private string EndOf(string name)
    {
        string path = Path.Combine(_folder, name);
        if (!File.Exists(path))
        {
            return "";
        }

        using Microsoft.Win32.SafeHandles.SafeFileHandle file = RegularFile.Open(path);
        long length = RandomAccess.GetLength(file);
        byte[] tail = new byte[Math.Min(TailLength, length)];
        int read = RandomAccess.Read(file, tail, length - tail.Length);
        return string.Create(CultureInfo.InvariantCulture, $"{length} {LedgerLine.FingerprintOf(tail.AsSpan(0, read)):x16}");
    }

    private static ulong Mix(ulong value)
    {
        value *= Prime;
        return value ^ (value >> 29);
    }
}
