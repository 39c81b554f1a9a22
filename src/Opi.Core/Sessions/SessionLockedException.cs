namespace Opi;

/// <summary>Somebody else has the session open for writing.</summary>
public sealed class SessionLockedException : OpiException
{
    internal SessionLockedException(string path, int? processId)
        : base(Describe(path, processId), path) => ProcessId = processId;

    /// <summary>The process that holds it; null when not known.</summary>
    public int? ProcessId { get; }

    private static string Describe(string path, int? processId)
    {
        string holder = processId switch
        {
            null => "another process",
            { } id when id == Environment.ProcessId => $"this process ({id})",
            { } id => $"process {id}",
        };
        string remedy = processId == Environment.ProcessId
            ? "Get-OpiSession -Open gives it; Close-OpiSession closes it."
            : "Close it there with Close-OpiSession; reading it stays possible.";
        return $"The session '{path}' is open for writing in {holder}. {remedy}";
    }
}
