using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace Opi.PowerShell;

/// <summary>Reports each kind of finding once: for an open session as long as it is open, else once a call.</summary>
internal sealed class WarnedOnce
{
    private static readonly ConditionalWeakTable<OpiSession, WarnedOnce> Sessions = [];

    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    public static WarnedOnce Of(OpiSession session) => Sessions.GetValue(session, _ => new WarnedOnce());

    /// <summary>
    /// The kind of a warning that calls have no result: the same kind as long as they are the same calls. Opening a session and making a
    /// request from it word the warning differently.
    /// </summary>
    public static string UnansweredCalls(OpiSession session) =>
        "calls without a result: " + string.Join(' ', session.ReadOpenToolCalls().Select(call => call.Id));

    /// <summary>Warns of what of replies could not be kept, and of what is not known of their cost.</summary>
    /// <param name="cmdlet">Who warns.</param>
    /// <param name="replies">The replies.</param>
    /// <param name="contentOnly">Whether the cost is of no account, since the caller gave the tokens.</param>
    public void Warn(Cmdlet cmdlet, IEnumerable<Message> replies, bool contentOnly = false)
    {
        foreach (ReplyWarning warning in replies.SelectMany(ReplyWarning.Of))
        {
            if ((!contentOnly || warning.IsOfContent) && IsNews(warning.Kind))
            {
                cmdlet.WriteWarning(VisibleText.Of(warning.Text));
            }
        }
    }

    /// <summary>Whether a finding was not reported yet; marks it as reported.</summary>
    public bool IsNews(string kind)
    {
        lock (_reported)
        {
            return _reported.Add(kind);
        }
    }
}
