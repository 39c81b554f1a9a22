using System.Buffers;
using System.Text.Json;

namespace Opi.Tests;

/// <summary>
/// Replies made at random: what is read of them is what was written down when they were made, at once, from the session's file, and from the
/// ledger. The number is OPI_GENERATED_REPLIES.
/// </summary>
public class GeneratedReplyTests
{
    private const int InSession = 1000;

    private static readonly int Number =
        int.TryParse(Environment.GetEnvironmentVariable("OPI_GENERATED_REPLIES"), out int number) ? number : 3000;

    private static readonly ModelPricing Own = Prices(GeneratedReply.Own) with
    {
        AudioInputPrice = GeneratedReply.AudioInput,
        AudioOutputPrice = GeneratedReply.AudioOutput,
        AudioCacheReadPrice = GeneratedReply.AudioRead,
        ImageOutputPrice = GeneratedReply.ImageOutput,
    };

    private static readonly ModelPricing Other = Prices(GeneratedReply.Other);

    [Theory]
    [InlineData("Anthropic", 1)]
    [InlineData("OpenAIChat", 2)]
    [InlineData("OpenAIResponses", 3)]
    [InlineData("Gemini", 4)]
    [InlineData("Bedrock", 5)]
    [InlineData("Ollama", 6)]
    [InlineData("GeminiInteractions", 7)]
    public void A_reply_bills_what_was_written_down(string shape, int seed)
    {
        var generator = new ReplyGenerator(seed);
        int known = 0;
        for (int done = 0; done < Number; done += InSession)
        {
            GeneratedReply[] replies = [.. Enumerable.Range(0, Math.Min(InSession, Number - done)).Select(_ => generator.Make(shape))];
            AssistantMessage[] answers = [.. replies.Select(reply => Replies.Read(reply.Reply, reply.Asked))];
            for (int i = 0; i < replies.Length; i++)
            {
                AreEqual(replies[i], answers[i].Usage, replies[i].Reply.ToJsonString());
            }

            known += replies.Count(reply => reply.IsKnown);
            ThroughSessionAndLedger(replies, answers);
        }

        Assert.InRange(known, Number / 10, Number);
    }

    /// <summary>Adds them to a session, reads its file, and keeps the rows in a ledger.</summary>
    private static void ThroughSessionAndLedger(GeneratedReply[] replies, AssistantMessage[] answers)
    {
        using var folder = new TempFolder();
        string path;
        using (OpiSession session = Make.Session(folder, Make.Options(enabled: false)))
        {
            path = session.Path;
            session.AddTurn([Make.User("go"), .. answers]);
        }

        using (OpiSession session = OpiSession.Resume(path, Make.Options(enabled: false)))
        {
            Usage[] back = [.. session.ReadContext().OfType<AssistantMessage>().Select(answer => answer.Usage)];
            Assert.Equal(answers.Select(answer => answer.Usage), back);
        }

        OpiUsage[] rows = [.. UsageScan.Run(new UsageQuery { Paths = [path] }).Rows.OrderBy(PlaceOf)];
        Assert.Equal(answers.Length, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            AreEqual(replies[i], UsageOf(rows[i]), "row of the session");
            var buffer = new ArrayBufferWriter<byte>();
            using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
            {
                LedgerWire.Write(writer, rows[i].Key!, rows[i], DateTimeOffset.UnixEpoch);
            }

            AreEqual(replies[i], UsageOf(LedgerWire.Read(buffer.WrittenSpan, "ledger", new RepeatedTexts()).Row), "line of the ledger");
        }
    }

    /// <summary>The number of the entry, which its id ends with.</summary>
    private static int PlaceOf(OpiUsage row) => int.Parse(row.Key!.Split(':')[2].Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static void AreEqual(GeneratedReply expected, Usage usage, string what)
    {
        BillingDetails billing = usage.Billing ?? new BillingDetails();
        Assert.True(
            (expected.Input, expected.Output, expected.Read, expected.Write, expected.OneHour)
                == (usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens, usage.CacheWrite1hTokens ?? 0),
            $"{usage}: {what}");
        Assert.True((expected.Context ?? usage.TotalTokens) == usage.ContextTokens, $"context {usage.ContextTokens} for {expected.Context}: {what}");
        Assert.True(expected.IsKnown == (billing.Unknown.Length == 0), $"{string.Join("; ", billing.Unknown)}: {what}");
        Assert.True(expected.Stated == billing.StatedCost, $"stated {billing.StatedCost} for {expected.Stated}: {what}");
        Assert.True(expected.Searches == billing.WebSearches, $"searches {billing.WebSearches}: {what}");
        Assert.True(
            expected.Fees.Where(fee => fee.Value > 0).Select(fee => new BilledFee(fee.Key, fee.Value)).OrderBy(fee => fee.Kind)
                .SequenceEqual(billing.Fees.OrderBy(fee => fee.Kind)),
            $"{string.Join("; ", billing.Fees)}: {what}");
        if (expected.IsKnown)
        {
            decimal? cost = CostOf(usage, billing);
            Assert.True(cost is { } found && Math.Abs(found - expected.Cost) < 0.000000001m, $"cost {cost} for {expected.Cost}: {what}");
        }
    }

    private static decimal? CostOf(Usage usage, BillingDetails billing)
    {
        decimal? sum = 0;
        Usage rest = usage;
        foreach (UsagePass pass in billing.Passes)
        {
            sum += (pass.Model is null ? Own : Other).CostOf(pass.ToUsage(), billing with { WebSearches = 0, Media = [] })?.TotalCost;
            rest = rest with
            {
                InputTokens = rest.InputTokens - pass.InputTokens,
                OutputTokens = rest.OutputTokens - pass.OutputTokens,
                CacheReadTokens = rest.CacheReadTokens - pass.CacheReadTokens,
                CacheWriteTokens = rest.CacheWriteTokens - pass.CacheWriteTokens,
                CacheWrite1hTokens = (rest.CacheWrite1hTokens ?? 0) - pass.CacheWrite1hTokens,
            };
        }

        return sum + Own.CostOf(rest, billing)?.TotalCost;
    }

    private static Usage UsageOf(OpiUsage row) => new(row.InputTokens, row.OutputTokens, row.CacheReadTokens, row.CacheWriteTokens)
    {
        CacheWrite1hTokens = row.CacheWrite1hTokens,
        ReasoningTokens = row.ReasoningTokens,
        IsKnown = row.HasUsage,
        Billing = row.Billing,
    };

    private static ModelPricing Prices((decimal Input, decimal Output, decimal Read, decimal Write, decimal OneHour) price) =>
        new("p", "m", price.Input, price.Output, price.Read, price.Write, "Test")
        {
            CacheWrite1hPrice = price.OneHour,
            SearchPrice = GeneratedReply.Search * 1000,
            UsInferenceFactor = GeneratedReply.Us,
            Tiers =
            [
                .. GeneratedReply.Factors.Where(factor => factor.Key != ServiceTier.Standard).Select(factor => new PriceTier(
                    factor.Key,
                    0,
                    price.Input * factor.Value,
                    price.Output * factor.Value,
                    price.Read * factor.Value,
                    price.Write * factor.Value,
                    price.OneHour * factor.Value)),
            ],
        };
}
