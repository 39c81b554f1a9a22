using System.Collections;

namespace Opi.PowerShell;

/// <summary>Offers the labels that a session has.</summary>
internal sealed class LabelCompleter : SessionDataCompleter
{
    protected override IEnumerable<(string Text, string Tooltip)> Offer(SessionReader session, string parameter, IDictionary given) =>
        SessionMetadata.Read(session.Entries, session.Tree, session.Read).Labels.Select(label => (label, ""));
}
