namespace Opi.Benchmarks;

/// <summary>Measures Opi against what it competes with, both in one run, and prints the ratios.</summary>
internal static class Program
{
    private static readonly (string Name, string What, Action Run)[] Commands =
    [
        ("append-flush", "a turn with a flush to disk, against a bare write and flush of the same bytes", AppendBenchmark.Flush),
        ("append-buffered", "a turn without a flush, against a bare write of the same bytes, and Node's appendFileSync", AppendBenchmark.Buffered),
        ("open", "opening a session of 100 MB, against deserialising each of its lines", OpenBenchmark.Run),
        ("open-first", "the same where it is the first thing that a new process does", OpenBenchmark.RunFirst),
        ("open-parts", "what the parts of opening cost: reading, finding lines, checking UTF-8, skipping, indexing", OpenBenchmark.RunParts),
        ("list", "listing 1,000 sessions of 1 MB, against deserialising each line", ListBenchmark.Run),
        ("tokens", "estimating the tokens of texts, against counting them with Microsoft.ML.Tokenizers", TokensBenchmark.Run),
        ("entries", "enumerating 100,000 entries, against deserialising each line", EntriesBenchmark.Run),
        ("usage", "reading 200 MB of Claude Code's logs by day, against ccusage (--ccusage PROGRAM, --corpus FOLDER)", () => UsageBenchmark.Run([])),
        ("fleet", "asking the ledgers of 50 machines and 12 months, 5,000,000 lines, with DuckDB and Opi (fleet FOLDER LINES all)",
            () => FleetBenchmark.Run([])),
        ("search", "searching 1 GB of Claude Code's logs for a text, against ripgrep, which has to be installed", SearchBenchmark.Run),
        ("report", "the page of HTML of a year of 200,000 responses, against reading them from a ledger", ReportBenchmark.Run),
        ("scale", "how time and memory grow with a size (NAME SIZES; without them it lists the curves)", () => ScaleBenchmark.Run([])),
        ("catalog", "the first price that a new process finds, against parsing the catalogue; finding one again", CatalogBenchmark.Run),
    ];

    private static int Main(string[] args)
    {
        if (
            FreshProcess.RunIfAsked(
                args, OpenBenchmark.FirstOpen, OpenBenchmark.FirstDeserialise, CatalogBenchmark.FirstPrice, CatalogBenchmark.FirstParse))
        {
            return 0;
        }

        if (args.Length > 1 && args[0] == "usage")
        {
            UsageBenchmark.Run(args[1..]);
            return 0;
        }

        if (args.Length > 1 && args[0] == "fleet")
        {
            FleetBenchmark.Run(args[1..]);
            return 0;
        }

        if (args.Length > 0 && args[0] == "scale")
        {
            return ScaleBenchmark.Run(args[1..]);
        }

        Action[] chosen = [.. args.SelectMany(name => Commands.Where(command => command.Name == name)).Select(command => command.Run)];
        if (chosen.Length == 0 || chosen.Length != args.Length)
        {
            Console.WriteLine("Give one or more of these:");
            foreach ((string name, string what, _) in Commands)
            {
                Console.WriteLine($"  {name,-16} {what}");
            }

            return args.Length == 0 ? 0 : 2;
        }

        foreach (Action run in chosen)
        {
            run();
        }

        return 0;
    }
}
