using System.Diagnostics;

namespace Opi.Benchmarks;

internal static class UsageBenchmark
{
    public static void Parts(string folder)
    {
        var query = new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [folder] };
        var log = new ClaudeCodeLog();
        for (int round = 0; round < 12; round++)
        {
            var findings = new List<UsageFinding>();
            long t0 = Stopwatch.GetTimestamp();
            List<LogPart> parts = LogFiles.Find([log], query.Paths, findings, default);
            Report("find");
            long lines = 0, hits = 0;
            foreach (LogPart part in parts)
            {
                using var file = part.File.Open();
                using var reader = new LogLines(file, part, default);
                while (reader.Next())
                {
                    lines += reader.Line.Length;
                }
            }

            Report("lines");
            foreach (LogPart part in parts)
            {
                using var file = part.File.Open();
                using var reader = new LogLines(file, part, default);
                while (reader.Next())
                {
                    hits += reader.Line.IndexOf("\"usage\""u8) >= 0 ? 1 : 0;
                }
            }

            Report("usage " + hits);
            foreach (LogPart part in parts)
            {
                part.Read([log], default);
            }

            Report("read");
            List<UsageDraft> drafts = [.. log.Merge(parts, default)];
            Report("merge");
            var rows = new UsageRows(PricingCatalog.Default);
            List<OpiUsage> made = [.. drafts.Select(rows.Make)];
            Report("rows");
            UsageScan.Run(query);
            Report("run");
            Console.WriteLine();
            void Report(string what)
            {
                Console.Write($"{what} {Stopwatch.GetElapsedTime(t0).TotalMilliseconds:0.0}  ");
                t0 = Stopwatch.GetTimestamp();
            }
        }
    }
}
