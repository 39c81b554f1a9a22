using System.Text.Json;

namespace Opi;

/// <summary>The kinds of tokens that have their own price at Gemini: sound everywhere, images where the model made them.</summary>
/// <param name="givenList">The list of the kinds in the prompt.</param>
/// <param name="cachedList">The list of those that came from the cache.</param>
/// <param name="toolList">The list of those that tools put in.</param>
/// <param name="madeList">The list of those in the answer.</param>
/// <param name="count">The member of an entry that has its count.</param>
internal sealed class GeminiModalities(string givenList, string cachedList, string toolList, string madeList, string count)
{
    private const string AudioKind = "AUDIO";
    private const string ImageKind = "IMAGE";

    /// <summary>The kinds that have a price as input: the price of text, or for sound its own.</summary>
    private static readonly string[] OfInput = ["TEXT", "IMAGE", "VIDEO", "DOCUMENT", AudioKind];

    /// <summary>The kinds that have a price where the model makes them.</summary>
    private static readonly string[] OfOutput = ["TEXT", AudioKind, ImageKind];

    /// <summary>Adds the kinds to a bill whose counts are set already.</summary>
    public void Read(UsageBill bill, long prompt, long cached, long tools, long answer)
    {
        Dictionary<string, long> given = KindsOf(bill, givenList, prompt);
        Dictionary<string, long> fromCache = KindsOf(bill, cachedList, cached);
        Dictionary<string, long> fromTools = KindsOf(bill, toolList, tools);
        Dictionary<string, long> made = KindsOf(bill, madeList, answer);
        long heard = given.GetValueOrDefault(AudioKind);
        long heardBefore = fromCache.GetValueOrDefault(AudioKind);
        if (heard > 0 && cached > 0 && fromCache.Count == 0)
        {
            bill.AddUnknown(cachedList, "how much of the sound came from the cache is not in the reply");
        }

        bill.CheckPart(cachedList, heardBefore, heard);
        bill.AddMedia(
            MediaTokens.Audio,
            Math.Min(Math.Max(0, heard - heardBefore) + fromTools.GetValueOrDefault(AudioKind), bill.Input),
            Math.Min(made.GetValueOrDefault(AudioKind), bill.Output),
            Math.Min(heardBefore, bill.CacheRead));
        bill.AddMedia(MediaTokens.Image, 0, Math.Min(made.GetValueOrDefault(ImageKind), bill.Output));
        foreach ((string list, Dictionary<string, long> kinds) in (ReadOnlySpan<(string, Dictionary<string, long>)>)
            [(givenList, given), (cachedList, fromCache), (toolList, fromTools), (madeList, made)])
        {
            string[] priced = ReferenceEquals(kinds, made) ? OfOutput : OfInput;
            foreach ((string kind, long tokens) in kinds.Where(kind => kind.Value > 0 && !priced.Contains(kind.Key)))
            {
                bill.AddUnknown(list + ".modality", $"{tokens} tokens of the kind '{kind}' have no known price");
            }
        }
    }

    private Dictionary<string, long> KindsOf(UsageBill bill, string list, long whole)
    {
        var kinds = new Dictionary<string, long>();
        foreach (JsonElement entry in bill.Source.Items(list).Where(entry => entry.ValueKind == JsonValueKind.Object))
        {
            string kind = (entry.Text("modality") ?? "").ToUpperInvariant();
            kind = kind == "1" ? "TEXT" : kind;
            kinds[kind] = TokenMath.Add(kinds.GetValueOrDefault(kind), UsageBill.CountIn(entry, count) ?? 0);
        }

        bill.CheckPart(list, kinds.Values.Aggregate(0L, TokenMath.Add), whole);
        return kinds;
    }
}
