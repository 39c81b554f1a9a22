using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>A reply that was made at random, with the bill that was written down while it was made.</summary>
internal sealed class GeneratedReply
{
    /// <summary>The prices of a million tokens: the reply's own model's, and those of any other.</summary>
    public static readonly (decimal Input, decimal Output, decimal Read, decimal Write, decimal OneHour) Own = (3, 15, 0.3m, 3.75m, 6);

    public static readonly (decimal Input, decimal Output, decimal Read, decimal Write, decimal OneHour) Other = (5, 25, 0.5m, 6.25m, 10);

    public const decimal AudioInput = 7;
    public const decimal AudioOutput = 21;
    public const decimal AudioRead = 0.7m;
    public const decimal ImageOutput = 30;
    public const decimal Search = 0.01m;
    public const decimal Us = 1.1m;

    public static readonly Dictionary<ServiceTier, decimal> Factors = new()
    {
        [ServiceTier.Standard] = 1,
        [ServiceTier.Batch] = 0.5m,
        [ServiceTier.Flex] = 0.4m,
        [ServiceTier.Priority] = 2,
        [ServiceTier.Fast] = 6,
    };

    public required JsonNode Reply { get; init; }

    /// <summary>The model that was asked, as provider:model.</summary>
    public required string Asked { get; init; }

    public long Input { get; set; }

    public long Output { get; set; }

    public long Read { get; set; }

    public long Write { get; set; }

    public long OneHour { get; set; }

    /// <summary>Tokens of the other model, which are in the counts.</summary>
    public (long Input, long Output, long Read, long Write, long OneHour) OfOther { get; set; }

    public (long Input, long Output, long Read) Audio { get; set; }

    public long Images { get; set; }

    public long Searches { get; set; }

    public Dictionary<string, long> Fees { get; } = [];

    public bool IsUs { get; set; }

    public ServiceTier Tier { get; set; }

    public decimal? Stated { get; set; }

    /// <summary>Whether all that is billed is understood.</summary>
    public bool IsKnown { get; set; } = true;

    /// <summary>The context's size; null for the sum of the counts, 0 for unknown.</summary>
    public long? Context { get; set; }

    /// <summary>The cost of the tokens and searches; only for what is known.</summary>
    public decimal Cost
    {
        get
        {
            decimal factor = Factors[Tier] * (IsUs ? Us : 1);
            decimal text = Of(
                Own,
                (
                    Input - OfOther.Input - Audio.Input,
                    Output - OfOther.Output - Audio.Output - Images,
                    Read - OfOther.Read - Audio.Read,
                    Write - OfOther.Write,
                    OneHour - OfOther.OneHour));
            decimal media = (Audio.Input * AudioInput) + (Audio.Output * AudioOutput) + (Audio.Read * AudioRead) + (Images * ImageOutput);
            return ((text + Of(Other, OfOther) + media) / 1_000_000 * factor) + (Searches * Search);
        }
    }

    private static decimal Of(
        (decimal Input, decimal Output, decimal Read, decimal Write, decimal OneHour) price,
        (long Input, long Output, long Read, long Write, long OneHour) tokens) =>
        (tokens.Input * price.Input) + (tokens.Output * price.Output) + (tokens.Read * price.Read)
            + ((tokens.Write - tokens.OneHour) * price.Write) + (tokens.OneHour * price.OneHour);
}
