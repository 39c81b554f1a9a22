using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace Opi.PowerShell;

/// <summary>Tells of each kind of finding once: for an open session as long as it is open, else once a call.</summary>
internal sealed class ToldOnce
{
    private static readonly ConditionalWeakTable<OpiSession, ToldOnce> Sessions = [];

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>What was told of a session.</summary>
    public static ToldOnce Of(OpiSession session) => Sessions.GetValue(session, _ => new ToldOnce());

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

    /// <summary>Whether something of this kind was not told yet.</summary>
    public bool IsNews(string kind)
    {
        lock (_told)
        {
            return _told.Add(kind);
        }
    }
}
