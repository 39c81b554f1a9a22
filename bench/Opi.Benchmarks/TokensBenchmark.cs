using Microsoft.ML.Tokenizers;

namespace Opi.Benchmarks;

/// <summary>Estimating tokens, which Measure-OpiContext and the trigger by the window do, against counting them.</summary>
internal static class TokensBenchmark
{
    private const int Rounds = 15;
    private const int Length = 2_000_000;
    private const int RunLength = 20_000;

    public static void Run()
    {
        var source = new TextSource(7);
        foreach (
            (string name, string text) in new[]
            {
                ("prose", source.Prose(Length)),
                ("code", source.Code(Length)),
                ("a run of one letter", new string('a', RunLength))
            })
        {
            double megabytes = System.Text.Encoding.UTF8.GetByteCount(text) / 1e6;
            TiktokenTokenizer tokenizer = TiktokenTokenizer.CreateForEncoding("o200k_base");
            Comparison.Line($"{name}: {megabytes:0.00} MB; {tokenizer.CountTokens(text)} tokens, estimated {TokenEstimator.CountText(text)}");
            new Comparison(
                Contender.Of("TokenEstimator.CountText", () => TokenEstimator.CountText(text)),
                Contender.Of("Microsoft.ML.Tokenizers, o200k", () => tokenizer.CountTokens(text))).Run(Rounds, "a MB", megabytes);
        }
    }
}
