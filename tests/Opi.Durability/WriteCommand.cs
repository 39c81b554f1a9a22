namespace Opi.CrashTests;

/// <summary>
/// Adds numbered turns to the session of a folder, which is created where there is none, and prints each number when the turn is
/// acknowledged and not before. It is there to be killed.
/// </summary>
internal static class WriteCommand
{
    public const string Usage = "write <folder> [--turns 1000] [--first 1] [--seed 1] [--kind Tools|Text] [--auto-compact tokens] [--durability Flush|Buffered] [--tries 1]";

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "turns", "first", "seed", "kind", "auto-compact", "durability", "tries");
        var turns = new NumberedTurns(options.Number("seed", 1), options.Choice("kind", TurnKind.Tools));
        int first = options.Number("first", 1);
        int last = options.Number("turns", 1000);
        int tries = options.Number("tries", 1);
        OpiSession session = Open(options);
        Stream acknowledged = Console.OpenStandardOutput();
        for (int number = first; number <= last; number++)
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    session.AddTurn(turns.Make(number));
                    break;
                }
                catch (SessionWriteException error)
                {
                    Console.Error.WriteLine($"turn {number}, try {attempt}: {error.Message}");
                    if (attempt == tries + 1)
                    {
                        return 1;
                    }

                    if (attempt == tries)
                    {
                        session.Close();
                        session = Open(options);
                        Console.Error.WriteLine("opened again");
                    }
                }
            }

            acknowledged.Write(System.Text.Encoding.ASCII.GetBytes($"{number}\n")); // one system call, so a number is seen whole or not at all
        }

        session.Close();
        return 0;
    }

    /// <summary>The session file of a folder; null when it has none.</summary>
    public static string? FileIn(string folder) => new SessionStore(folder).Files().FirstOrDefault()?.FullName;

    private static OpiSession Open(Arguments options)
    {
        int threshold = options.Number("auto-compact", 0);
        var session = new SessionOptions
        {
            Model = "anthropic:claude-sonnet-4-5",
            WorkingDirectory = "/repo",
            Compaction = new OpiCompactionPolicy { NoCompaction = threshold == 0, CompactionThreshold = threshold, AutoCompact = threshold > 0 },
            Durability = options.Choice("durability", Durability.Flush),
        };
        return FileIn(options[0]) is { } path ? OpiSession.Resume(path, session) : OpiSession.Create(options[0], session);
    }
}
