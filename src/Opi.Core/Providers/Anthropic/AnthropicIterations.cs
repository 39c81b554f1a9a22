using System.Collections.Immutable;

namespace Opi;

/// <summary>
/// The rule for <c>usage.iterations</c> of Anthropic's shape, the same for a reply and for a line of a log. The top level of the usage is the
/// sum of the passes of type <c>message</c> or, where another model took over, that model's pass alone. What a compaction or an advisor used
/// is billed beside it.
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
    /// <param name="top">The counts of the top level.</param>
    /// <param name="passes">The iterations in their order, the type as <see cref="UsagePass.Kind"/>.</param>
    /// <param name="model">The response's own model; a pass that names it names none.</param>
    /// <param name="credited">
    /// Whether a fallback's credit can have made a part of its input cheaper. False only where the usage says that it did not.
    /// </param>
    public static AnthropicBill Resolve(Usage top, IEnumerable<UsagePass> passes, string? model, bool credited = true)
    {
        UsagePass[] all = [.. passes.Select(pass => pass.Model == model ? pass with { Model = null } : pass)];
        UsagePass[] messages = [.. all.Where(pass => pass.Kind == Message)];
        UsagePass[] fallbacks = [.. all.Where(pass => pass.Kind == Fallback)];
        var billed = ImmutableArray.CreateBuilder<UsagePass>();
        var unknown = ImmutableArray.CreateBuilder<string>();
        Usage counts = top;
        if (fallbacks.Length > 0 && (AreEqual(top, Sum(fallbacks)) || AreEqual(top, Sum([.. messages, .. fallbacks]))))
        {
            billed.AddRange(fallbacks);
            billed.AddRange(messages.Where(message => message.OutputTokens > 0)); // one that was declined before any output costs nothing
            counts = Sum(billed) with { CacheWrite1hTokens = top.CacheWrite1hTokens };
            if (credited)
            {
                unknown.Add($"iterations.{Fallback}: a part of it can be billed as read from the cache");
            }
        }
        else if (messages.Length + fallbacks.Length > 0 && !AreEqual(top, Sum(messages)))
        {
            unknown.Add("iterations: the counts are not the sum of the passes");
        }
        else if (messages.Any(message => message.Model is not null) || IsLong(top, messages))
        {
            billed.AddRange(messages);
        }

        foreach (UsagePass pass in all.Where(pass => pass.Kind is not Message and not Fallback && pass.ToUsage().TotalTokens > 0))
        {
            if (pass.Kind is Compaction or Advisor)
            {
                billed.Add(pass);
                counts += pass.ToUsage();
            }
            else
            {
                unknown.Add($"iterations.{pass.Kind}: a pass of an unknown kind");
            }
        }

        long? context = all.LastOrDefault(pass => pass.Kind is Message or Fallback)?.ToUsage().TotalTokens;
        return new AnthropicBill(counts, billed.ToImmutable(), context == counts.TotalTokens ? null : context, unknown.ToImmutable());
    }

    /// <summary>
    /// Whether it matters that each message was a request of its own. Where only the sum tells how long the cache lives, the sum is priced.
    /// </summary>
    private static bool IsLong(Usage top, UsagePass[] messages) =>
        messages.Length > 1
        && TokenMath.Add(top.InputTokens, TokenMath.Add(top.CacheReadTokens, top.CacheWriteTokens)) > LongContext
        && (top.CacheWrite1hTokens ?? 0) == messages.Sum(message => message.CacheWrite1hTokens);

    private static Usage Sum(IEnumerable<UsagePass> passes) => passes.Aggregate(new Usage(0, 0), (sum, pass) => sum + pass.ToUsage());

    private static bool AreEqual(Usage left, Usage right) =>
        (left.InputTokens, left.OutputTokens, left.CacheReadTokens, left.CacheWriteTokens)
        == (right.InputTokens, right.OutputTokens, right.CacheReadTokens, right.CacheWriteTokens);
}
