namespace Opi.PowerShell;

/// <summary>A session of another agent, as a search found it.</summary>
/// <param name="Source">Whose it is.</param>
/// <param name="SessionId">The session, in the agent's own naming; null when not known.</param>
/// <param name="Path">The file it is in.</param>
internal sealed record ForeignSession(UsageSource Source, string? SessionId, string Path)
{
    /// <summary>The session of a row of a search, also of one that comes from a file; null for a session of Opi and for all else.</summary>
    public static ForeignSession? Of(object given)
    {
        if (given is System.Management.Automation.PSObject { BaseObject: OpiSearchHit wrapped })
        {
            given = wrapped;
        }

        if (given is OpiSearchHit hit)
        {
            return hit.Source == UsageSource.Opi ? null : new ForeignSession(hit.Source, hit.SessionId, hit.Path);
        }

        return given is System.Management.Automation.PSObject row
            && row.Properties["Line"] is not null
            && row.Properties["EntryId"] is not null
            && row.Properties["Path"]?.Value is string path
            && Enum.TryParse(row.Properties["Source"]?.Value?.ToString(), ignoreCase: true, out UsageSource source)
            && source != UsageSource.Opi
                ? new ForeignSession(source, row.Properties["SessionId"]?.Value?.ToString(), path)
                : null;
    }

    public SaidSession Read(CancellationToken cancellation) => SaidSession.Read(Path, Source, SessionId, cancellation);
}
