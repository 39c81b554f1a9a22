using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Opi.Tests;

/// <summary>What a listener of .NET's metrics and traces gets.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public void A_recorded_answer_counts_its_tokens_and_its_cost_once()
    {
        using var folder = new TempFolder();
        string model = $"unlisted-{Guid.NewGuid():N}"; // other tests record answers at the same time
        var found = new ConcurrentDictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meter) =>
            {
                if (instrument.Meter.Name == "Opi")
                {
                    meter.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
        using (OpiSession session = Make.Session(folder))
        {
            session.AddTurn(
            [
                Make.User("a"),
                new AssistantMessage([new TextContent("b")], "anthropic", model, 0)
                {
                    Usage = new Usage(100, 20) { CacheReadTokens = 1000, CacheWriteTokens = 50 },
                },
            ]);
        }

        Assert.Equal(1150, found["gen_ai.client.inference.usage.input_tokens"]); // cached ones too
        Assert.Equal(20, found["gen_ai.client.inference.usage.output_tokens"]);
        Assert.Equal(1000, found["gen_ai.client.inference.usage.cache_read.input_tokens"]);
        Assert.Equal(50, found["gen_ai.client.inference.usage.cache_write.input_tokens"]);
        Assert.Equal(1, found.GetValueOrDefault("opi.unpriced_responses")); // no list has that model
        Assert.False(found.ContainsKey("opi.cost"));

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "gen_ai.response.model" && tag.Value as string == model)
                {
                    found.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
                }
            }
        }
    }

    [Fact]
    public void A_compaction_is_an_activity_with_its_reason_and_its_failure()
    {
        using var folder = new TempFolder();
        var found = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Opi",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = found.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.Assistant("b"), Make.User("c"), Make.Assistant("d")]);
        Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Summarizer.Options(_ => "")));
        session.Compact();

        Activity[] own = [.. found.Where(activity => activity.GetTagItem("gen_ai.conversation.id") as string == session.Id).OrderBy(activity => activity.StartTimeUtc)];
        Assert.Equal(["opi.compaction", "opi.compaction"], own.Select(activity => activity.OperationName));
        Assert.All(own, activity => Assert.Equal("Manual", activity.GetTagItem("opi.compaction.reason")));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], own.Select(activity => activity.Status));
    }
}
