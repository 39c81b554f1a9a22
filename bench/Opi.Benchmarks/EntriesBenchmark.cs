namespace Opi.Benchmarks;

/// <summary>Enumerating the entries of a session with their content, which Get-OpiEntry is measured against.</summary>
internal static class EntriesBenchmark
{
    private const int Rounds = 9;
    private const int Entries = 100_000;

    public static void Run()
    {
        string path = SessionFile.ManyEntries();
        new Comparison(
            Contender.Of("open and enumerate OpiEntry", () => Enumerate(path)),
            Contender.Of("open only", () => SessionReader.Open(path).Dispose()),
            Contender.Of("deserialise each line (source generated)", () => OpenBenchmark.Deserialise(path))).Run(Rounds, "an entry", Entries);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Enumerate(path);
        Comparison.Line($"allocated {(GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Entries:0} bytes an entry, none of it held");
    }

    private static void Enumerate(string path)
    {
        using SessionReader reader = SessionReader.Open(path);
        var active = new HashSet<IndexedEntry>(reader.Tree.ActiveBranch);
        int count = 0;
        foreach (IndexedEntry entry in reader.Entries)
        {
            count += OpiEntry.Create(reader.Header.Id, reader.Read(entry), active.Contains(entry)).OnActiveBranch ? 1 : 0;
        }

        if (count != Entries)
        {
            throw new InvalidDataException($"{count} entries where {Entries} were written");
        }
    }
}
