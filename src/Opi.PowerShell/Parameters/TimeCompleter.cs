using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Offers common times; the tooltip shows the moment of each.</summary>
internal sealed class TimeCompleter : IArgumentCompleter
{
    private static readonly string[] Forms = ["today", "yesterday", "24h", "7d", "30d", "90d", "365d"];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        DateTimeOffset now = DateTimeOffset.Now;
        string[] months = [Month(now), Month(now.AddMonths(-1))];
        return Completions.Of(wordToComplete, [.. Forms.Concat(months).Select(form => (form, Moment(form)))]);
    }

    private static string Month(DateTimeOffset time) => time.ToString("yyyy-MM-01", CultureInfo.InvariantCulture);

    private static string Moment(string form) =>
        TimeReference.Of(form).In(TimeZoneInfo.Local).LocalDateTime.ToString("g", CultureInfo.CurrentCulture);
}
