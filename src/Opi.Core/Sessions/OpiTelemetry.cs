using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Opi;

/// <summary>
/// Metrics and traces named Opi for any .NET listener, for example OpenTelemetry: tokens and cost of the answers that are
/// recorded, and how long turns and compactions take. The names follow OpenTelemetry's conventions for generative AI where they have
/// one; their input includes the cached tokens. Without a listener nothing is computed.
/// </summary>
internal static class OpiTelemetry
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "Opi";

    private static readonly string Version = typeof(OpiTelemetry).Assembly.GetName().Version!.ToString(3);

    private static readonly ActivitySource Activities = new(Name, Version);
    private static readonly Meter Meter = new(Name, Version);

    private static readonly Counter<long> Input =
        Meter.CreateCounter<long>("gen_ai.client.inference.usage.input_tokens", "{token}", "Input tokens, cached ones too.");

    private static readonly Counter<long> Output =
        Meter.CreateCounter<long>("gen_ai.client.inference.usage.output_tokens", "{token}", "Output tokens.");

    private static readonly Counter<long> CacheRead =
        Meter.CreateCounter<long>("gen_ai.client.inference.usage.cache_read.input_tokens", "{token}", "Input tokens read from the cache.");

    private static readonly Counter<long> CacheWrite =
        Meter.CreateCounter<long>("gen_ai.client.inference.usage.cache_write.input_tokens", "{token}", "Input tokens written to the cache.");

    private static readonly Counter<double> Cost = Meter.CreateCounter<double>("opi.cost", "USD", "Cost of the answers whose cost is known.");

    private static readonly Counter<long> Unpriced =
        Meter.CreateCounter<long>("opi.unpriced_responses", "{response}", "Answers whose cost is not known.");

    private static readonly Histogram<double> TurnDuration = Meter.CreateHistogram<double>("opi.turn.duration", "s", "How long a turn took.");

    private static readonly Histogram<double> CompactionDuration =
        Meter.CreateHistogram<double>("opi.compaction.duration", "s", "How long a compaction took.");

    /// <summary>Counts answers that were recorded.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="costOf">The cost of one; null when it is not known. Called only if there is a listener.</param>
    public static void Count(IEnumerable<AssistantMessage> answers, Func<AssistantMessage, decimal?> costOf)
    {
        if (!Input.Enabled && !Output.Enabled && !CacheRead.Enabled && !CacheWrite.Enabled && !Cost.Enabled && !Unpriced.Enabled)
        {
            return;
        }

        foreach (AssistantMessage answer in answers)
        {
            var tags = new TagList
            {
                { "gen_ai.operation.name", "chat" }, { "gen_ai.provider.name", answer.Provider }, { "gen_ai.response.model", answer.Model },
            };
            Usage usage = answer.Usage;
            Add(Input, TokenMath.Add(usage.InputTokens, TokenMath.Add(usage.CacheReadTokens, usage.CacheWriteTokens)), tags);
            Add(Output, usage.OutputTokens, tags);
            Add(CacheRead, usage.CacheReadTokens, tags);
            Add(CacheWrite, usage.CacheWriteTokens, tags);
            if (costOf(answer) is { } cost)
            {
                Cost.Add((double)cost, tags);
            }
            else
            {
                Unpriced.Add(1, tags);
            }
        }
    }

    /// <summary>Begins to measure a turn that is run. It ends when the result is disposed.</summary>
    public static Measured Turn(string sessionId, TimeProvider time) => new("opi.turn", TurnDuration, sessionId, null, time);

    public static Measured Compaction(string sessionId, CompactionReason reason, TimeProvider time) =>
        new("opi.compaction", CompactionDuration, sessionId, reason, time);

    private static void Add(Counter<long> counter, long tokens, in TagList tags)
    {
        if (tokens > 0)
        {
            counter.Add(tokens, tags);
        }
    }

    /// <summary>Something that takes time.</summary>
    internal readonly struct Measured : IDisposable
    {
        private readonly Activity? _activity;
        private readonly Histogram<double> _duration;
        private readonly TagList _tags;
        private readonly TimeProvider _time;
        private readonly long _start;

        public Measured(string name, Histogram<double> duration, string sessionId, CompactionReason? reason, TimeProvider time)
        {
            _activity = Activities.StartActivity(name);
            _activity?.SetTag("gen_ai.conversation.id", sessionId);
            _duration = duration;
            _tags = reason is { } why ? [new("opi.compaction.reason", why.ToString())] : [];
            foreach (KeyValuePair<string, object?> tag in _tags)
            {
                _activity?.SetTag(tag.Key, tag.Value);
            }

            _time = time;
            _start = time.GetTimestamp();
        }

        public void Fail(Exception error) =>
            _activity?.SetStatus(ActivityStatusCode.Error, error.Message)?.SetTag("error.type", error.GetType().FullName);

        public void Dispose()
        {
            _duration.Record(_time.GetElapsedTime(_start).TotalSeconds, _tags);
            _activity?.Dispose();
        }
    }
}
