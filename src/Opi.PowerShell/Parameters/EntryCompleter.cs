using System.Collections;

namespace Opi.PowerShell;

/// <summary>Offers the ids of a session's entries, the newest first. The tooltip shows the role and the beginning of the text.</summary>
internal sealed class EntryCompleter : SessionDataCompleter
{
    private const int MaxOffered = 50;

    protected override IEnumerable<(string Text, string Tooltip)> Offer(SessionReader session, string parameter, IDictionary given) =>
        session.Entries.Where(entry => entry.IsContent).Reverse().Take(MaxOffered).Select(entry =>
        {
            OpiEntry read = OpiEntry.Create(session.Header.Id, session.Read(entry), onActiveBranch: true);
            return (entry.Id, $"{read.Role}: {Internal.FormatHelper.Line(read.Text)}");
        });
}
