using Microsoft.ML.Tokenizers;
using Xunit.Abstractions;

namespace Opi.Tests;

/// <summary>
/// How near the estimate is to o200k, with Microsoft.ML.Tokenizers as the reference. What the texts had to do with the fit is told beside them;
/// of the repository's own files some were in it.
/// </summary>
public sealed class TokenAccuracyTests(ITestOutputHelper output)
{
    private const double Goal = 0.15;
    private const int Piece = 1000; // the reference takes time in the square of an unbroken run

    private static readonly TiktokenTokenizer Reference = TiktokenTokenizer.CreateForEncoding("o200k_base");

    [Theory]
    [InlineData("english.txt", Goal)]
    [InlineData("csharp.txt", Goal)]
    [InlineData("python.txt", Goal)]
    [InlineData("javascript.txt", Goal)]
    [InlineData("chinese.txt", Goal)]
    [InlineData("japanese.txt", Goal)]
    [InlineData("korean.txt", Goal)]
    [InlineData("json.txt", Goal)]
    [InlineData("other-languages.txt", Goal)]
    public void IsNearTheReference(string file, double goal) => Check(file, File.ReadAllText(Path.Combine(Repository.Root, "tests", "data", "tokens", file)), goal);

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("docs/reliability.md")]
    [InlineData("docs/en-US/Add-OpiTurn.md")]
    [InlineData("src/Opi.Core/Sessions/SessionTree.cs")]
    [InlineData("src/Opi.PowerShell/Opi.Format.ps1xml")]
    [InlineData("Opi.psd1")]
    [InlineData("examples/data/pi-mono-theme.jsonl")]
    public void IsNearTheReferenceOnFilesAsAgentsReadThem(string file) => Check(file, File.ReadAllText(Path.Combine(Repository.Root, file)), Goal);

    [Theory]
    [InlineData("base64")]
    [InlineData("hex")]
    [InlineData("digits")]
    [InlineData("spaces")]
    [InlineData("log")]
    [InlineData("emoji")]
    public void StaysSaneOnWhatIsNoLanguage(string kind)
    {
        var random = new Random(20260314);
        string[] words = ["request", "finished", "retry", "timeout", "worker", "flush", "shard"];
        string[] emoji = ["😀", "🚀", "✅", "🔥", "📦", "🐛", "⚠️", "👍🏽"];
        var bytes = new byte[6000];
        random.NextBytes(bytes);
        Check(
            kind,
            kind switch
            {
                "base64" => Convert.ToBase64String(bytes),
                "hex" => Convert.ToHexStringLower(bytes),
                "digits" => string.Concat(bytes.Select(b => (char)('0' + (b % 10)))),
                "spaces" => string.Concat(bytes.Take(300).Select(b => new string(' ', b % 60) + (b % 3 == 0 ? "x\n" : "return;\n"))),
                "log" => string.Concat(Enumerable.Range(0, 200).Select(i =>
                    $"2026-03-{1 + (i % 28):00} {random.Next(24):00}:{random.Next(60):00}:{random.Next(60):00},{random.Next(1000):000} INFO  [{words[random.Next(7)]}-{random.Next(9)}] {words[random.Next(7)]} {words[random.Next(7)]} in {random.Next(9999)} ms, id={random.Next():x8}\n")),
                _ => string.Join(' ', Enumerable.Range(0, 300).Select(_ => words[random.Next(7)] + emoji[random.Next(8)])),
            },
            0.25);
    }

    private void Check(string name, string text, double goal)
    {
        long real = 0;
        for (int i = 0; i < text.Length; i += Piece)
        {
            real += Reference.CountTokens(text.AsSpan(i, Math.Min(Piece, text.Length - i)));
        }

        long estimate = TokenEstimator.CountText(text);
        double deviation = ((double)estimate / real) - 1;
        output.WriteLine(FormattableString.Invariant($"{name}: {real} tokens, estimated {estimate} ({deviation:+0.0%;-0.0%}); bytes/4: {((double)System.Text.Encoding.UTF8.GetByteCount(text) / 4 / real) - 1:+0.0%;-0.0%}"));
        Assert.InRange(deviation, -goal, goal);
    }
}
