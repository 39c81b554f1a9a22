using System.Globalization;
using System.Text;

namespace Opi.CrashTests;

/// <summary>What the writer writes.</summary>
internal enum TurnKind
{
    /// <summary>A prompt and an answer.</summary>
    Text,

    /// <summary>Some turns with tool calls and their results too.</summary>
    Tools,
}

/// <summary>
/// Turns that follow from their number alone, so that who checks the file can tell whether a turn is whole. The prompt holds the number.
/// </summary>
internal sealed class NumberedTurns(int seed, TurnKind kind)
{
    private const string Prompt = "turn ";
    private const string Pattern = "a line with \"quotes\", a \\ backslash,\ta tab, and 漢字 😀\n";
    private const int Smallest = 100;
    private const int Largest = 64 * 1024;

    public IReadOnlyList<Message> Make(int number)
    {
        Random random = RandomOf(number);
        var messages = new List<Message> { new UserMessage(PromptOf(number), number) };
        if (kind == TurnKind.Tools && random.Next(3) == 0)
        {
            string call = $"call-{number}";
            messages.Add(new AssistantMessage([new ToolCallContent(call, "bash", "{\"command\":\"ls\"}")], "anthropic", "claude-sonnet-4-5", number)
            {
                StopReason = StopReason.ToolUse,
                Usage = new Usage(number, 1),
            });
            messages.Add(new ToolResultMessage(call, "bash", [new TextContent(Filler(Size(random)))], number));
        }

        messages.Add(new AssistantMessage([new TextContent(AnswerOf(number, random))], "anthropic", "claude-sonnet-4-5", number) { Usage = new Usage(number, 2) });
        return messages;
    }

    /// <summary>The prompt of a turn of text.</summary>
    public static string PromptOf(int number) => Prompt + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The answer of a turn of text.</summary>
    public string AnswerOf(int number) => AnswerOf(number, RandomOf(number));

    /// <summary>The number of the turn that a message begins; null when it is not a prompt.</summary>
    public static int? NumberOf(Message message) =>
        message is UserMessage { Text: var text } && text.StartsWith(Prompt, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(Prompt.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : null;

    /// <summary>Whether two messages say the same. Times are left out: a cmdlet takes its own.</summary>
    public static bool Same(Message left, Message right) =>
        left.Role == right.Role
        && left.Text == right.Text
        && (left, right) switch
        {
            (AssistantMessage a, AssistantMessage b) => a.Usage.TotalTokens == b.Usage.TotalTokens && a.StopReason == b.StopReason && a.ToolCalls.SequenceEqual(b.ToolCalls),
            (ToolResultMessage a, ToolResultMessage b) => a.ToolCallId == b.ToolCallId,
            _ => true,
        };

    private Random RandomOf(int number) => new(unchecked((seed * 1_000_003) + number));

    private static string AnswerOf(int number, Random random) => string.Create(CultureInfo.InvariantCulture, $"answer {number}: {Filler(Size(random))}");

    /// <summary>Small ones more often: their logarithms are even.</summary>
    private static int Size(Random random) => (int)(Smallest * Math.Pow((double)Largest / Smallest, random.NextDouble()));

    private static string Filler(int length)
    {
        var text = new StringBuilder(length + Pattern.Length);
        while (text.Length < length)
        {
            text.Append(Pattern);
        }

        return text.ToString();
    }
}
