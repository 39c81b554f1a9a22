using System.Text;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>Which responses a query asks for.</summary>
internal sealed class UsageFilter(UsageQuery query)
{
    private readonly Regex? _model = query.Model is null ? null : Pattern(query.Model);
    private readonly Regex? _project = query.Project is null ? null : Pattern(query.Project);

    public bool Takes(UsageDraft draft) =>
        (query.Since is null || draft.Timestamp >= query.Since)
        && (query.Until is null || draft.Timestamp < query.Until)
        && (_model is null || (draft.Model is { } model && (_model.IsMatch(model) || _model.IsMatch(draft.Spec!))))
        && (_project is null || (draft.Project is { } project && _project.IsMatch(project)));

    /// <summary>A pattern as PowerShell has them: * for any text, ? for one character, [a-c] for one of a set. Case does not count.</summary>
    public static Regex Pattern(string wildcard)
    {
        var pattern = new StringBuilder("^");
        for (int i = 0; i < wildcard.Length; i++)
        {
            int close = wildcard[i] == '[' ? wildcard.IndexOf(']', i + 1) : -1;
            if (close > i + 1)
            {
                pattern.Append('[').Append(wildcard[(i + 1)..close].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("^", "\\^", StringComparison.Ordinal)).Append(']');
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
}
