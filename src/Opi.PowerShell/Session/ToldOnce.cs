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

    /// <summary>Warns of what is not known of the cost of replies.</summary>
    public void Warn(Cmdlet cmdlet, IEnumerable<Message> replies)
    {
        foreach (ReplyWarning warning in replies.SelectMany(ReplyWarning.Of))
        {
            if (IsNews(warning.Kind))
            {
                cmdlet.WriteWarning(warning.Text);
            }
        }
    }

    private bool IsNews(string kind)
    {
        lock (_told)
        {
            return _told.Add(kind);
        }
    }
}
