using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>
/// Lets a script block make the summary. It gets the messages as its first argument and in <c>$_</c>, and the request as its second. What it
/// puts out is the summary: text, a provider's reply, a message, or a table with Summary and the counts of tokens.
/// </summary>
internal sealed class ScriptBlockSummarizer(ScriptBlock script) : ISummarizer
{
    private readonly Runspace? _home = Runspace.DefaultRunspace;

    public SummaryResult Summarize(SummaryRequest request)
    {
        if (Runspace.DefaultRunspace != _home)
        {
            throw new CompactionFailedException(
                request.SessionId,
                "the summariser belongs to another runspace. Compact there, or give this one's with Invoke-OpiCompaction -Summarizer.");
        }

        object[] messages = [.. request.Messages];
        try
        {
            return Join([.. script
                .InvokeWithContext(
                    null, [new PSVariable("_", messages), new PSVariable("ErrorActionPreference", ActionPreference.Stop)], [messages, request])
                .Where(item => item is not null)
                .Select(item => Read(item, request.Model))]);
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            throw Failure(request.SessionId, error);
        }
        catch (OpiException error) when (error is ProviderErrorException or UnknownReplyException)
        {
            throw Failure(request.SessionId, error);
        }
    }

    /// <summary>What was put out item by item is one summary.</summary>
    private static SummaryResult Join(SummaryResult[] parts) =>
        parts.Length == 1 ? parts[0] : new SummaryResult(string.Join('\n', parts.Select(part => part.Text)))
    {
        Usage = parts.Select(part => part.Usage).Aggregate((Usage?)null, (sum, usage) => sum is null ? usage : usage is null ? sum : sum + usage),
        Model = parts.Select(part => part.Model).LastOrDefault(model => model is not null),
        StopReason = parts.Select(part => part.StopReason).FirstOrDefault(reason => reason != StopReason.Stop),
        ErrorMessage = parts.Select(part => part.ErrorMessage).FirstOrDefault(message => message is not null),
    };

    private static SummaryResult Read(PSObject item, string? sessionModel) => item.BaseObject switch
    {
        AssistantMessage answer => FromAnswer(answer, sessionModel),
        SummaryResult summary => summary,
        IDictionary table when table.Keys.OfType<string>().Any(IsSummary) => FromTable(table),
        PSCustomObject when item.Properties.Any(property => IsSummary(property.Name)) =>
            FromTable(item.Properties.ToDictionary(property => property.Name, property => property.Value)),
        IDictionary or PSCustomObject =>
            Join([.. ProviderReply.Parse(ReplyObject.ToElement(item)).OfType<AssistantMessage>().Select(answer => FromAnswer(answer, sessionModel))]),
        _ => new SummaryResult(item.ToString()),
    };

    private static SummaryResult FromAnswer(AssistantMessage answer, string? sessionModel) =>
        SummaryResult.FromMessage((AssistantMessage)ProviderReply.FromSession(answer, sessionModel));

    private static SummaryResult FromTable(IDictionary table)
    {
        long? input = Count(table, "InputTokens");
        long? output = Count(table, "OutputTokens");
        long? read = Count(table, "CacheReadTokens");
        long? write = Count(table, "CacheWriteTokens");
        return new SummaryResult(Member(table, "Summary")?.ToString())
        {
            Usage = input is null && output is null && read is null && write is null
                ? null
                : new Usage(input ?? 0, output ?? 0, read ?? 0, write ?? 0) { Reported = true },
            Model = Member(table, "Model")?.ToString(),
        };
    }

    private static long? Count(IDictionary table, string name) => Member(table, name) switch
    {
        null => null,
        var value => long.TryParse(
            Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            ? count
            : throw new UnknownReplyException($"The {name} of the summary is '{value}', which is no count of tokens."),
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

    /// <summary>The failure of the script as the library tells it: whether the model's window was too small decides what happens next.</summary>
    private static OpiException Failure(string sessionId, Exception error)
    {
        ErrorRecord? record = (error as RuntimeException)?.ErrorRecord;
        Exception cause = FromBody(record) ?? record?.Exception ?? error;
        bool tooLong = cause is SummaryInputTooLongException or ContextOverflowException
            || record?.FullyQualifiedErrorId.Split(',')[0] == "ContextOverflow";
        return tooLong
            ? new SummaryInputTooLongException(cause.Message, error)
            : new CompactionFailedException(sessionId, $"the summariser failed: {cause.Message.TrimEnd('.')}.", error);
    }

    /// <summary>What the provider said in the body of a reply that Invoke-RestMethod throws for.</summary>
    private static ProviderErrorException? FromBody(ErrorRecord? record)
    {
        if (record?.ErrorDetails?.Message is not { Length: > 0 } body)
        {
            return null;
        }

        try
        {
            _ = ProviderReply.Parse(JsonSerializer.SerializeToElement(body));
            return null;
        }
        catch (ProviderErrorException said)
        {
            return said;
        }
        catch (UnknownReplyException)
        {
            return null; // the body is no provider's; the error speaks for itself
        }
    }
}
