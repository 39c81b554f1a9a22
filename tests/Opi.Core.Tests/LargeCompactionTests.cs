namespace Opi.Tests;

/// <summary>The messages of a large context are read when they are needed, and not held. What comes of it is the same.</summary>
public class LargeCompactionTests
{
    private const int Messages = 1_200;
    private const int TextLength = 20_000;

    [Theory]
    [InlineData(CompactionStrategy.Core)]
    [InlineData(CompactionStrategy.Digest)]
    public void What_is_planned_is_the_same(CompactionStrategy strategy)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            IReadOnlyList<ContextEntry> entries = Make.Entries([.. new RandomConversation(seed, Provider.Anthropic, isBroken: seed % 2 == 0).Make()]);
            OpiCompactionPolicy options = OpiCompactionPolicy.OfOpi with
            {
                Strategy = strategy,
                KeepRecent = (seed % 3) switch { 0 => KeepRecent.Quarter, 1 => KeepRecent.Turns(3), _ => KeepRecent.Tokens(50) },
            };
            var request = new CompactionRequest("s", CompactionReason.Manual, options);
            PreparedCompaction? held = CompactionPlanner.Prepare(request, entries), read = CompactionPlanner.Prepare(request, entries, isLarge: true);
            Assert.Equal(held is null, read is null);
            if (held is null)
            {
                continue;
            }

            Assert.Equal(held.Leaving, read!.Leaving);
            Assert.Equal(held.Kept, read.Kept);
            Assert.Equal(held.Kept, Enumerable.Range(0, read.Kept.Count).Select(place => read.Kept[place]));
            Assert.Equal(held.LeavingIds, read.LeavingIds);
            Assert.Equal(held.KeptIds, read.KeptIds);
            CompactionPlan[] plans = [.. new[] { held, read }.Select(prepared =>
            {
                var run = new SummaryRun(prepared.Request);
                (string text, SummarySource source) = run.Make(prepared.Leaving);
                return prepared.With(text, source, run);
            })];
            Assert.Equal(plans[0] with { LeavingIds = held.KeptIds, KeptIds = held.KeptIds }, plans[1] with { LeavingIds = held.KeptIds, KeptIds = held.KeptIds });
            Assert.Equal(held.Kept.Sum(CompactionEngine.EstimateTokens), plans[1].TokensAfter);
            Assert.Equal(held.Leaving.Sum(CompactionEngine.EstimateTokens) + plans[1].TokensAfter, plans[1].TokensBefore);
        }
    }

    [Theory]
    [InlineData(CompactionStrategy.Core)]
    [InlineData(CompactionStrategy.Digest)]
    public void A_large_context_is_not_held(CompactionStrategy strategy)
    {
        using var folder = new TempFolder();
        OpiSession session = Large(folder);
        string[] texts = [.. session.ReadContext().Select(message => message.Text)];

        OpiCompactionResult result = session.Compact(CompactionReason.Manual, new OpiCompactionPolicy { Strategy = strategy })!;

        Assert.NotSame(result.Messages[1], result.Messages[1]); // each is read when it is asked for
        Assert.Equal((Messages / 4 * 3, Messages / 4), (result.EntriesCompacted, result.EntriesKept));
        Assert.Equal(texts.TakeLast(Messages / 4).Prepend(session.ReadContext()[0].Text), result.Messages.Select(message => message.Text));
        Assert.Equal(texts[^1], result.Messages[Messages / 4].Text);
        Assert.Throws<ArgumentOutOfRangeException>(() => result.Messages[(Messages / 4) + 1]);
        session.AddTurn([Make.User("more")]);
        session.Close();
        Assert.Equal((Messages / 4) + 1, result.Messages.Count(message => message.Text.Length > 0)); // its file stays open as long as it is held
    }

    [Fact]
    public void A_session_that_is_closed_while_a_summary_is_made_says_so()
    {
        using var folder = new TempFolder();
        OpiSession session = Large(folder);
        int shown = 0;
        var summarizer = new Summarizer((SummaryRequest request) =>
        {
            session.Close();
            shown = request.Messages.Count;
            return "in short";
        });

        Assert.ThrowsAny<OpiException>(() => session.Compact(CompactionReason.Manual, new OpiCompactionPolicy { Summarizer = summarizer }));
        Assert.True(shown > 0);
    }

    private static OpiSession Large(TempFolder folder)
    {
        string path;
        using (OpiSession session = Make.Session(folder))
        {
            path = session.Path;
            for (int i = 0; i < Messages / 2; i++)
            {
                session.AddTurn([Make.User($"question {i}"), Make.Assistant($"{i} " + new string((char)('a' + (i % 26)), TextLength), new Usage(1, 1))]);
            }
        }

        return OpiSession.Resume(path, Make.Options());
    }
}
