using System.Collections.Immutable;
using System.Globalization;

namespace Opi;

/// <summary>
/// The rule for <c>usage.iterations</c> of Anthropic's shape, the same for a reply and for a line of a log. The counts on top are the sum of
/// the passes of type <c>message</c> or, if another model took over, of its passes. What a compaction or an advisor used is billed
/// separately.
/// </summary>
internal static class AnthropicIterations
{
    public const string Message = "message";
    public const string Fallback = "fallback_message";
    public const string Advisor = "advisor_message";

    private const string Compaction = "compaction";

    /// <summary>Above so many tokens of input some models cost more. It counts by the request, so each pass for itself.</summary>
    private const long LongContext = 200_000;

    /// <summary>Works out the bill.</summary>
    /// <param name="top">The counts on top.</param>
    /// <param name="passes">The iterations in their order, the type as <see cref="UsagePass.Kind"/>.</param>
    /// <param name="model">The response's own model; a pass that names it names none.</param>
    /// <param name="statesCredit">
    /// Whether the usage says what happened to a fallback's credit. If not, a part of the input may have been cheaper.
    /// </param>
    public static AnthropicBill Resolve(Usage top, IEnumerable<UsagePass> passes, string? model, bool statesCredit)
    {
        UsagePass[] all = [.. passes.Select(pass => pass.Model == model ? pass with { Model = null } : pass)];
        int fallback = Array.FindIndex(all, pass => pass.Kind == Fallback);
        UsagePass[] messages = [.. all.Where(pass => pass.Kind == Message)];
        UsagePass[] served = [.. all.Skip(fallback).Where(pass => pass.Kind is Message or Fallback)];
        UsagePass[] every = [.. all.Where(pass => pass.Kind is Message or Fallback)];

        // A try that was declined before a fallback costs nothing unless it had output. The counts at the top are those that served.
        bool isFallbackDeclined = fallback >= 0 && !AreEqual(top, Sum(served)) && !AreEqual(top, Sum(every)) && AreEqual(top, Sum(messages));
        bool isEvery = fallback >= 0 && !AreEqual(top, Sum(served)) && AreEqual(top, Sum(every));
        UsagePass[] onTop = fallback < 0 || isFallbackDeclined ? messages : isEvery ? every : served;
        IEnumerable<UsagePass> declined = fallback < 0 || isFallbackDeclined || isEvery
            ? []
            : all.Take(fallback).Where(pass => pass.Kind == Message && pass.OutputTokens > 0);

        var unknown = ImmutableArray.CreateBuilder<string>();
        Usage counts = top;
        if (onTop.Length > 0 && !AreEqual(top, Sum(onTop)))
        {
            counts = Sum(onTop) with { CacheWrite1hTokens = top.CacheWrite1hTokens };
            Check("input_tokens", top.InputTokens, counts.InputTokens);
            Check("output_tokens", top.OutputTokens, counts.OutputTokens);
            Check("cache_read_input_tokens", top.CacheReadTokens, counts.CacheReadTokens);
            Check("cache_creation_input_tokens", top.CacheWriteTokens, counts.CacheWriteTokens);
        }

        var billed = ImmutableArray.CreateBuilder<UsagePass>();
        billed.AddRange(IsLong(top, onTop) ? onTop : onTop.Where(pass => pass.Model is not null));
        foreach (UsagePass pass in declined.Concat(all.Where(pass => pass.Kind is not Message and not Fallback)))
        {
            if (pass.Kind is not Message and not Compaction and not Advisor)
            {
                if (pass.ToUsage().TotalTokens > 0)
                {
                    unknown.Add($"iterations.type: '{pass.Kind}' is a pass of an unknown kind");
                }

                continue;
            }

            billed.Add(pass);
            counts += pass.ToUsage();
        }

        if (fallback >= 0 && !isFallbackDeclined && !statesCredit)
        {
            unknown.Add($"iterations.type: a {Fallback} can be billed in part as read from the cache");
        }

        long? context = all.LastOrDefault(pass => pass.Kind is Message or Fallback)?.ToUsage().TotalTokens;
        return new AnthropicBill(counts, billed.ToImmutable(), context, unknown.ToImmutable());

        void Check(string member, long stated, long sum)
        {
            if (stated != sum)
            {
                unknown.Add(string.Create(CultureInfo.InvariantCulture, $"{member}: {stated} is not the sum of its parts, {sum}"));
            }
        }
    }

    /// <summary>
    /// Whether it matters that each message was a separate request. If only the sum says how long the cache lives, the sum is priced.
    /// </summary>
    private static bool IsLong(Usage top, UsagePass[] onTop) =>
        onTop.Length > 1
        && TokenMath.Add(top.InputTokens, TokenMath.Add(top.CacheReadTokens, top.CacheWriteTokens)) > LongContext
        && (top.CacheWrite1hTokens ?? 0) == onTop.Sum(pass => pass.CacheWrite1hTokens);

    private static Usage Sum(IEnumerable<UsagePass> passes) => passes.Aggregate(new Usage(0, 0), (sum, pass) => sum + pass.ToUsage());

    private static bool AreEqual(Usage left, Usage right) =>
        (left.InputTokens, left.OutputTokens, left.CacheReadTokens, left.CacheWriteTokens)
        == (right.InputTokens, right.OutputTokens, right.CacheReadTokens, right.CacheWriteTokens);
}
