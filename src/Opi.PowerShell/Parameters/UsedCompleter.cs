using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>
/// Offers the models or the projects that the logs have, those used last first, as far as a second goes. If there are none, it offers models
/// that have a price.
/// </summary>
internal sealed class UsedCompleter : IArgumentCompleter
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        bool isModel = parameterName == "Model";
        CompletionResult[] used = [.. Completions.Of(wordToComplete, Used(isModel, fakeBoundParameters))];
        return used.Length > 0 || !isModel
            ? used
            : new ModelCompleter().CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);
    }

    private static List<(string Text, string Tooltip)> Used(bool isModel, IDictionary given)
    {
        var last = new Dictionary<string, (DateTimeOffset Time, long Count)>(StringComparer.Ordinal);
        using var stop = new CancellationTokenSource(TimeLimit);
        try
        {
            UsageScan.Stream(QueryOf(given), Note, null, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // what was found by then is offered
        }
        catch (Exception error) when (error is OpiException or IOException or UnauthorizedAccessException or ArgumentException
            or ArgumentTransformationMetadataException)
        {
            return []; // the command itself says what is wrong
        }

        return
        [
            .. last.OrderByDescending(item => item.Value.Time)
                .Select(item => (
                    item.Key,
                    $"{UnknownCostText.Count(item.Value.Count, "response", "responses")}, the last on {item.Value.Time.LocalDateTime:d}")),
        ];

        void Note(OpiUsage row)
        {
            if ((isModel ? row.Model : row.Project) is { Length: > 0 } text)
            {
                (DateTimeOffset time, long count) = last.GetValueOrDefault(text);
                last[text] = (row.Timestamp > time ? row.Timestamp.Value : time, count + 1);
            }
        }
    }

    private static UsageQuery QueryOf(IDictionary given)
    {
        object? source = given["Source"], folder = given["Folder"], log = given["LogPath"];
        return new UsageQuery
        {
            Sources = source is null ? [log is null ? UsageSource.Opi : UsageSource.ClaudeCode] : UsageReading.ParseSources(
                (LanguagePrimitives.GetEnumerable(source)?.Cast<object?>() ?? [source]).Select(item => item?.ToString() ?? "")),
            Paths = folder is string path ? [System.IO.Path.GetFullPath(path)] : log is string logs ? [System.IO.Path.GetFullPath(logs)] : [],
        };
    }
}
