using System.Text.Json;

namespace Opi.Tests;

/// <summary>What the better estimate counts, and that no text troubles it.</summary>
public sealed class TokenEstimatorTests
{
    private static readonly TokenEstimator Estimator = TokenEstimator.Default;

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("Hello, world!", 4)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 11)]
    [InlineData("don't", 1)]
    [InlineData("1234567", 3)]
    [InlineData("\n\n\n", 1)]
    public void CountsShortTexts(string text, long tokens) => Assert.Equal(tokens, TokenEstimator.CountText(text));

    [Fact]
    public void NoTextTroublesIt()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            var chars = new char[random.Next(1, 60)];
            for (int c = 0; c < chars.Length; c++)
            {
                chars[c] = (char)(random.Next(3) switch { 0 => random.Next(128), 1 => random.Next(0xD800, 0xE000), _ => random.Next(65536) });
            }

            Assert.InRange(TokenEstimator.CountText(chars), 1, chars.Length * 3);
        }

        Assert.Equal(1, TokenEstimator.CountText("\uD83D"));
        Assert.Equal(1, TokenEstimator.CountText("\uDE00"));
    }

    [Fact]
    public void CountsAllParts()
    {
        var answer = new AssistantMessage(
            [new ThinkingContent("Which files are there?"), new TextContent("I look."), new ToolCallContent("c1", "list_files", """{"path":"src"}""")], "anthropic", "claude", 0);
        TokenParts parts = Estimator.EstimateParts(answer);

        Assert.Equal(TokenEstimator.CountText("Which files are there?"), parts.Thinking);
        Assert.Equal(TokenEstimator.MessageOverhead + TokenEstimator.CountText("I look."), parts.Assistant);
        Assert.Equal(TokenEstimator.ToolOverhead + TokenEstimator.CountText("list_files") + TokenEstimator.CountText("""{"path":"src"}"""), parts.ToolCalls);
        Assert.Equal(parts.Total, Estimator.Estimate(answer));

        Assert.Equal(parts.Total, parts.Assistant + parts.Thinking + parts.ToolCalls);
        Assert.True(Estimator.EstimateParts(new UserMessage("Look.", 0)) is { User: > 4, Total: > 4, Summary: 0 });
        Assert.True(Estimator.EstimateParts(new ToolResultMessage("c1", "list_files", [new TextContent("a.cs"), Image(PngOf(75, 10))], 0)) is { ToolResults: > 8, Images: 1, User: 0 });
        Assert.True(Estimator.EstimateParts(new CompactionSummaryMessage("All was well.", "msg-1", 0, 0)) is { Summary: > 4, User: 0 });
        Assert.True(Estimator.EstimateParts(new BranchSummaryMessage("", "All was well.", 0)) is { Summary: > 4, User: 0 });
        JsonElement data = JsonSerializer.SerializeToElement(new { a = 1 });
        Assert.Equal(0, Estimator.Estimate(new CustomMessage("note", data, IncludeInLlmContext: false)));
        Assert.True(Estimator.Estimate(new CustomMessage("note", data, IncludeInLlmContext: true)) > 4);
    }

    [Fact]
    public void TakesAnothersCountOfTexts()
    {
        var texts = new List<string>();
        var estimator = new TokenEstimator(text =>
        {
            texts.Add(text);
            return 100;
        });
        var message = new UserMessage([new TextContent("one"), new TextContent(""), Image(PngOf(750, 1))], 0);
        Assert.Equal(TokenEstimator.MessageOverhead + 100 + 1, estimator.Estimate(message));
        Assert.Equal(["one"], texts);
    }

    [Theory]
    [InlineData(750, 1, 1)]
    [InlineData(1000, 1000, 1334)]
    [InlineData(1568, 784, 1600)]
    [InlineData(15680, 100, 21)]
    [InlineData(8000, 8000, 1600)]
    public void ImagesCountByTheirPixels(int width, int height, long tokens)
    {
        Assert.Equal(tokens, ImageTokens.Count(Image(PngOf(width, height))));
        Assert.Equal(tokens, ImageTokens.Count(new ImageContent(ImageSource.FromBytes(PngOf(width, height)), "image/png")));
    }

    [Fact]
    public void ReadsTheSizesOfAllFormats()
    {
        Assert.Equal((640, 480), SizeOf([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x80, 0x02, 0xE0, 0x01]));
        Assert.Equal((640, 480), SizeOf(WebP("VP8X", [0, 0, 0, 0, 0x7F, 0x02, 0, 0xDF, 0x01, 0])));
        Assert.Equal((640, 480), SizeOf(WebP("VP8L", [0x2F, 0x7F, 0xC2, 0x77, 0, 0, 0, 0, 0, 0])));
        Assert.Equal((640, 480), SizeOf(WebP("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01])));
        byte[] frame = [0xFF, 0xC2, 0, 17, 8, 0x01, 0xE0, 0x02, 0x80, 3, 0, 0];
        Assert.Equal((640, 480), SizeOf([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, .. frame]));
        byte[] preview = [0xFF, 0xE1, 0xFF, 0xFF, .. new byte[0xFFFD]];
        Assert.Equal((640, 480), SizeOf([0xFF, 0xD8, .. preview, .. preview, 0xFF, .. frame]));
    }

    [Fact]
    public void AnImageOfUnknownSizeCountsAsTheLargest()
    {
        Assert.Equal(ImageTokens.Most, ImageTokens.Count(new ImageContent(ImageSource.FromUrl("https://example.com/a.png"), "image/png")));
        foreach (string data in (string[])["", "AAAA", "not base64", "iVBORw0KGgo=", "/9j/", "R0lGODlh"])
        {
            Assert.Equal(ImageTokens.Most, ImageTokens.Count(new ImageContent(ImageSource.FromBase64(data), "image/png")));
        }

        byte[] cut = [0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF, 1, 2, 3, 4, 5];
        Assert.Equal(ImageTokens.Most, ImageTokens.Count(new ImageContent(ImageSource.FromBytes(cut), "image/jpeg")));
        Assert.Equal(ImageTokens.Most, ImageTokens.Count(Image(PngOf(0, -5))));
    }

    private static (int, int)? SizeOf(byte[] data)
    {
        (int, int)? size = ImageTokens.SizeOf(ImageSource.FromBytes(data));
        Assert.Equal(size, ImageTokens.SizeOf(ImageSource.FromBase64(Convert.ToBase64String(data))));
        return size;
    }

    private static ImageContent Image(byte[] data) => new(ImageSource.FromBase64(Convert.ToBase64String(data)), "image/png");

    private static byte[] PngOf(int width, int height) =>
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
        (byte)(width >> 24), (byte)(width >> 16), (byte)(width >> 8), (byte)width,
        (byte)(height >> 24), (byte)(height >> 16), (byte)(height >> 8), (byte)height, 8, 6, 0, 0, 0,
    ];

    private static byte[] WebP(string chunk, byte[] content) =>
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. System.Text.Encoding.ASCII.GetBytes(chunk), 10, 0, 0, 0, .. content];
}
