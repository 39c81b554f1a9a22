using System.Text.Json;

namespace Opi.CrashTests;

/// <summary>Messages that test the limits of the format: numbers, depth, characters.</summary>
internal static class StrangeContent
{
    private const int MostParsed = 10_000;

    private static readonly string[] Json =
    [
        "1e400", "-1e400", "1e-400", "-0", "0.1", "123456789012345678901234567890", "\"\\ud800\"", "{\"\\ud800\":1}", "{\"a\":1,\"a\":2}", "\"\\u0000\"", "null", "[]", "{}",
        "{\"type\":\"session\"}", "\"\\n\"", "{\"b\":1,\"a\":[1e999]}", "{\"\":null}",
    ];

    private static readonly string[] Texts =
        ["", "\0", "\n", "\r\n", "a\ud800b", "\udc00\ud800", "\u2028\u2029\u0085", "\ufeff", "\uffff", "\u007f", "}\n{", "\\", "\"", new string('{', 3000), new string('\\', 3001), "{\"type\":\"message\"}"];

    private static readonly long[] Counts = [0, 1, -1, long.MaxValue, long.MinValue, uint.MaxValue];

    public static IReadOnlyList<Message> Make(Random random) =>
    [
        new UserMessage(Text(random), Count(random)),
        new AssistantMessage([new ThinkingContent(Text(random)), new TextContent(Text(random)), new ToolCallContent(Text(random), Text(random), Text(random))], Text(random), Text(random), 1)
        {
            Usage = new Usage(Count(random), Count(random)) { CacheWrite1hTokens = random.Next(3) == 0 ? Count(random) : null, IsKnown = random.Next(2) == 0 },
            ErrorMessage = Text(random),
            ResponseId = Text(random),
        },
        new ToolResultMessage(Text(random), Text(random), [new TextContent(Text(random)), new ImageContent(ImageSource.FromBase64(Text(random)), "image/png")], 2) { Details = Details(random) },
    ];

    private static string Text(Random random) => random.Next(2) == 0 ? "text" : Texts[random.Next(Texts.Length)];

    private static long Count(Random random) => random.Next(3) > 0 ? random.Next(1000) : Counts[random.Next(Counts.Length)];

    private static JsonElement? Details(Random random)
    {
        if (random.Next(3) == 0)
        {
            return null;
        }

        int depth = random.Next(3) == 0 ? random.Next(110, 140) : random.Next(20) == 0 ? random.Next(2000) : 0;
        string json = new string('[', depth) + Json[random.Next(Json.Length)] + new string(']', depth);
        return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostParsed }).RootElement;
    }
}
