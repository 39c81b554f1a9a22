using System.Globalization;
using Opi;
using Opi.Embedding;

// Usage: Opi.Embedding <address of the provider> <folder of the sessions> <folder of Claude Code's logs>
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, args) =>
{
    args.Cancel = true;
    stop.Cancel();
};

using var http = new HttpClient { BaseAddress = new Uri(args[0]) };
http.DefaultRequestHeaders.Add("x-api-key", Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY") ?? "none");
http.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
var client = new AnthropicClient(http, "claude-sonnet-4-5");

try
{
    // A session is a file. Each turn is on the disk when AddTurnAsync returns.
    var options = new SessionOptions
    {
        Model = "anthropic:claude-sonnet-4-5",
        Compaction = new OpiCompactionPolicy { Summarizer = new HttpSummarizer(client) },
    };
    using OpiSession session = OpiSession.Create(args[1], options);
    session.CompactionEnded += (_, ended) => Console.WriteLine($"compaction: {(ended.Aborted ? "aborted" : "done")}");

    foreach (string text in (string[])["What does this project do?", "And how is it tested?", "Thanks. What is left to do?"])
    {
        // A request is the context and the next prompt, in the provider's shape and by its rules.
        var prompt = new UserMessage(text, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        ProviderRequest request = ProviderRequest.Build(
            session.ReadContext(), Provider.Anthropic, new RequestOptions { System = "Be brief.", Prompt = [prompt], Model = session.Model });
        foreach (string warning in request.Warnings)
        {
            Console.Error.WriteLine(warning);
        }

        IReadOnlyList<Message> answer = await client.SendAsync(request, stop.Token);
        OpiTurn turn = await session.AddTurnAsync([prompt, .. answer], cancellationToken: stop.Token);
        string cost = turn.Cost?.ToString("0.000000", CultureInfo.InvariantCulture) ?? "not known";
        Console.WriteLine($"turn {turn.Turn}: {turn.TotalTokens} tokens, USD {cost}: {answer[^1].Text}");
    }

    // A compaction asks the summarizer. The session can be read and written meanwhile.
    OpiCompactionResult? compaction = await session.CompactAsync(cancellationToken: stop.Token);
    Console.WriteLine($"compacted {compaction?.EntriesCompacted} messages, kept {compaction?.EntriesKept}: {compaction?.Summary}");

    // What agents cost, from the logs that they leave.
    UsageScanResult scan = UsageScan.Run(
        new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [args[2]] }, cancellationToken: stop.Token);
    var groups = new CostGroups([CostGrouping.Model], TimeZoneInfo.Utc, PricingCatalog.Default);
    foreach (OpiUsage usage in scan.Rows)
    {
        groups.Add(usage);
    }

    foreach (CostGroup group in groups.ToRows())
    {
        string known = group.KnownCost.ToString("0.00", CultureInfo.InvariantCulture);
        Console.WriteLine($"{group.Keys[0]}: {group.Cost.Responses} responses, USD {known}{(group.IsComplete ? "" : " or more")}");
    }

    return 0;
}
catch (OpiException error)
{
    Console.Error.WriteLine($"{error.Target}: {error.Message}");
    return 1;
}
