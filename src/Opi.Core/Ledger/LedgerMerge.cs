using System.Buffers;
using System.Text.Json;

namespace Opi;

/// <summary>Takes the lines of other ledgers over into one, month by month, so that only one month is in memory.</summary>
internal sealed class LedgerMerge(LedgerMergeOptions options, CancellationToken cancellation)
{
    private readonly SortedDictionary<string, List<string>> _files = new(StringComparer.Ordinal); // by the names of the months' files
    private long _unnamed;

    public void Find(IEnumerable<string> paths)
    {
        var seen = new SeenFiles();
        foreach (string path in paths.Select(Path.GetFullPath))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                string[] files = Directory.Exists(path) ? [.. LedgerFile.FilesBelow(path)]
                    : File.Exists(path) ? [path]
                    : throw new FileNotFoundException($"There is no file or folder '{path}'.", path);
                if (files.Length == 0)
                {
                    Tell(path, "there is no file of a ledger in it");
                }

                foreach (string file in files.Where(seen.Add))
                {
                    string month = LedgerFile.IsMonth(file) ? Path.GetFileName(file) : "";
                    if (!_files.TryGetValue(month, out List<string>? list))
                    {
                        _files.Add(month, list = []);
                    }

                    list.Add(file);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Tell(path, error.Message, error);
            }
        }
    }

    /// <summary>Takes them over. Only under the lock of the ledger.</summary>
    /// <param name="folder">The ledger's folder.</param>
    /// <param name="time">The clock.</param>
    public OpiLedgerUpdate Run(string folder, TimeProvider time)
    {
        var counts = new LedgerCounts();
        var change = new LedgerChange(folder, time, options.Damaged, cancellation); // it has what the month before needed of this one
        foreach ((string month, List<string> files) in _files)
        {
            cancellation.ThrowIfCancellationRequested();
            var best = new Dictionary<string, LedgerAddition>(StringComparer.Ordinal);
            foreach (string file in files)
            {
                Read(file, month.Length == 0 ? null : month, best, counts);
            }

            IEnumerable<string> needed = best.Values.SelectMany(addition => change.FilesFor(addition.Source, addition.Timestamp));
            string[] names = [.. (month.Length == 0 ? needed : needed.Append(month)).Distinct()];
            change.Keep(names);
            change.Read(names);
            foreach (LedgerAddition addition in best.Values)
            {
                counts.Add(addition.Source, change.Add(addition));
            }

            change.Write();
        }

        if (_unnamed > 0)
        {
            options.Unnamed?.Invoke(_unnamed);
        }

        return counts.ToUpdate(folder);
    }

    private void Read(string path, string? month, Dictionary<string, LedgerAddition> best, LedgerCounts counts)
    {
        long lines = 0;
        var damaged = new List<LedgerFinding>();
        try
        {
            LedgerFile.Read(path, line =>
            {
                lines++;
                Take(line, month, best, counts);
            }, damaged.Add, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Tell(path, error.Message, error);
        }

        if (lines == 0 && damaged.Count > 0)
        {
            Tell(path, "none of its lines is a line of a ledger");
            return;
        }

        damaged.ForEach(finding => options.Damaged?.Invoke(finding));
    }

    private void Take(LedgerLine line, string? month, Dictionary<string, LedgerAddition> best, LedgerCounts counts)
    {
        OpiUsage row = line.Row;
        LedgerRank rank = line.Rank;
        byte[] text = line.Text.Trim(" \t\r"u8).ToArray();
        if (!rank.NamesMachine && options.Machine is null)
        {
            _unnamed++;
        }
        else if (!rank.NamesMachine)
        {
            text = WithNames(text, row);
            rank = rank with { NamesMachine = true, Fingerprint = LedgerLine.FingerprintOf(text) };
        }

        if (best.TryGetValue(row.Key!, out LedgerAddition? other) && !rank.Precedes(other.Rank))
        {
            counts.Add(row.Source, LedgerOutcome.Known);
            return;
        }

        if (other is not null)
        {
            counts.Add(other.Source, LedgerOutcome.Known);
        }

        best[row.Key!] = new LedgerAddition(row.Key!, row.Source, row.Timestamp, rank) { Line = text, File = month };
    }

    /// <summary>Adds the members that a line lacks at its end, and changes nothing else of it.</summary>
    private byte[] WithNames(byte[] line, OpiUsage row)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        var buffer = new ArrayBufferWriter<byte>(line.Length + 64);
        using Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer);
        writer.WriteStartObject();
        foreach (JsonProperty member in document.RootElement.EnumerateObject().Where(member => member.Name is not ("machine" or "user")))
        {
            member.WriteTo(writer);
        }

        writer.WriteString("machine"u8, row.Machine ?? options.Machine);
        writer.WriteString("user"u8, row.User ?? options.User);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void Tell(string path, string reason, Exception? error = null) =>
        options.Unread?.Invoke(new UsageFinding(path, UsageSource.Ledger, reason.TrimEnd('.')) { Error = error });
}
