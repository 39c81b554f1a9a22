using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>
/// Reads the output of a summariser: text, a reply of a provider in any form, a message, or a table with Summary and the counts of tokens.
/// Anything else is refused: the name of a type, for example, must not replace the conversation.
/// </summary>
internal static class SummaryOutput
{
    /// <summary>The summary.</summary>
    /// <param name="output">The output, item by item.</param>
    /// <param name="sessionModel">The session's model, as <c>provider:model</c>.</param>
    /// <exception cref="UnknownReplyException">An item is nothing that can be a summary.</exception>
    /// <exception cref="ProviderErrorException">It is the error of a provider.</exception>
    public static SummaryResult Read(IEnumerable<PSObject?> output, string? sessionModel)
    {
        var parts = new List<SummaryResult>();
        var lines = new List<string>();
        foreach (PSObject item in output.OfType<PSObject>())
        {
            if (item.BaseObject is string line)
            {
                lines.Add(line);
                continue;
            }

            AddLines();
            parts.Add(ReadObject(item, sessionModel));
        }

        AddLines();
        return Join(parts);

        void AddLines()
        {
            if (lines.Count > 0)
            {
                parts.Add(ReadText(lines, sessionModel));
                lines.Clear();
            }
        }
    }

    /// <summary>The items of the output make one summary.</summary>
    private static SummaryResult Join(List<SummaryResult> parts) =>
        parts.Count == 1 ? parts[0] : new SummaryResult(string.Join(Environment.NewLine, parts.Select(part => part.Text)))
    {
        Usage = parts.Select(part => part.Usage).Aggregate((Usage?)null, (sum, usage) => sum is null ? usage : usage is null ? sum : sum + usage),
        Model = parts.Select(part => part.Model).LastOrDefault(model => model is not null),
        StopReason = parts.Select(part => part.StopReason).FirstOrDefault(reason => reason != StopReason.Stop),
        ErrorMessage = parts.Select(part => part.ErrorMessage).FirstOrDefault(message => message is not null),
    };

    /// <summary>Text is the summary, unless it is a reply as text: the same text is one for Add-OpiTurn.</summary>
    private static SummaryResult ReadText(List<string> lines, string? sessionModel)
    {
        JsonElement given = JsonSerializer.SerializeToElement(lines);
        return ProviderReply.IsReplyText(given)
            ? OfReply(ProviderReply.Parse(given), sessionModel)
            : new SummaryResult(string.Join(Environment.NewLine, lines));
    }

    private static SummaryResult ReadObject(PSObject item, string? sessionModel)
    {
        switch (item.BaseObject)
        {
            case AssistantMessage answer:
                return FromAnswer(answer, sessionModel);
            case SummaryResult summary:
                return summary;
            case IDictionary table when table.Keys.OfType<string>().Any(IsSummary):
                return FromTable(table);
            case PSCustomObject when item.Properties.Any(property => IsSummary(property.Name)):
                return FromTable(item.Properties.ToDictionary(property => property.Name, property => property.Value));
            case bool or ValueType:
                throw new UnknownReplyException($"A {TypeText.Of(item.BaseObject.GetType())} ({item.BaseObject}) is not a summary.");
            default:
                return OfReply(ReplyObject.Read(item).Parse(), sessionModel);
        }
    }

    private static SummaryResult OfReply(IReadOnlyList<Message> messages, string? sessionModel) =>
        Join([.. messages.OfType<AssistantMessage>().Select(answer => FromAnswer(answer, sessionModel))]);

    private static SummaryResult FromAnswer(AssistantMessage answer, string? sessionModel) =>
        SummaryResult.FromMessage((AssistantMessage)ProviderReply.FromSession(answer, sessionModel));

    private static SummaryResult FromTable(IDictionary table)
    {
        long? input = Count(table, "InputTokens");
        long? output = Count(table, "OutputTokens");
        long? read = Count(table, "CacheReadTokens");
        long? write = Count(table, "CacheWriteTokens");
        return new SummaryResult(Text(table, "Summary"))
        {
            Usage = input is null && output is null && read is null && write is null
                ? null
                : new Usage(input ?? 0, output ?? 0, read ?? 0, write ?? 0),
            Model = Text(table, "Model"),
        };
    }

    private static string? Text(IDictionary table, string name) => Member(table, name) switch
    {
        null => null,
        string text => text,
        object[] lines when Array.TrueForAll(lines, line => ArgumentText.Unwrap(line) is string) =>
            string.Join(Environment.NewLine, lines.Select(ArgumentText.Unwrap)),
        var other => throw new UnknownReplyException($"The {name} of the summary is a {TypeText.Of(other.GetType())}, which is not text."),
    };

    private static long? Count(IDictionary table, string name) => Member(table, name) switch
    {
        null => null,
        var value => long.TryParse(
            Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            ? count
            : throw new UnknownReplyException($"The {name} of the summary is '{value}', which is not a count of tokens."),
    };

    private static object? Member(IDictionary table, string name)
    {
        foreach (DictionaryEntry entry in table)
        {
            if (string.Equals(entry.Key as string, name, StringComparison.OrdinalIgnoreCase))
            {
                return entry.Value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : entry.Value;
            }
        }

        return null;
    }

    private static bool IsSummary(string name) => string.Equals(name, "Summary", StringComparison.OrdinalIgnoreCase);
}
