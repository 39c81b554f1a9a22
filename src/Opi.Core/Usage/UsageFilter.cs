using System.Text;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>Which responses a query asks for.</summary>
public sealed class UsageFilter(UsageQuery query)
{
    private readonly Regex? _model = query.Model is null ? null : Pattern(query.Model);
    private readonly Regex? _project = query.Project is null ? null : Pattern(query.Project);

    /// <summary>Whether the query asks for a response.</summary>
    /// <param name="usage">The response.</param>
    public bool Takes(OpiUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return Takes(usage.Timestamp, usage.Provider, usage.Model, usage.Project);
    }

    internal bool Takes(IdleTurn turn) => Takes(turn.Timestamp, null, null, turn.Project);

    /// <summary>A pattern as PowerShell has them: * for any text, ? for one character, [a-c] for one of a set. Case does not count.</summary>
    internal static Regex Pattern(string wildcard)
    {
        var pattern = new StringBuilder("^");
        for (int i = 0; i < wildcard.Length; i++)
        {
            int close = wildcard[i] == '[' ? wildcard.IndexOf(']', i + 1) : -1;
            if (close > i + 1)
            {
                pattern.Append('[')
                    .Append(wildcard[(i + 1)..close].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("^", "\\^", StringComparison.Ordinal))
                    .Append(']');
                i = close;
                continue;
            }

            pattern.Append(wildcard[i] switch
            {
                '*' => ".*",
                '?' => ".",
                char other => Regex.Escape(other.ToString()),
            });
        }

        return new Regex(pattern.Append('$').ToString(), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    // What is not known is an empty text, so that * takes everything.
    internal bool Takes(DateTimeOffset? time, string? provider, string? model, string? project) =>
        (query.Since is null || time >= query.Since)
        && (query.Until is null || time < query.Until)
        && (_model is null || _model.IsMatch(model ?? "") || (model is not null && _model.IsMatch(ModelName.Join(provider ?? "", model)!)))
        && (_project is null || _project.IsMatch(project ?? ""));
}
