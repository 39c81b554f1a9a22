using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes an open session, what Get-OpiSession gives, an id or a path, for a session.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SessionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        ForeignSession.Of(inputData) is { } foreign ? new SessionReference(foreign.Path) { Foreign = foreign, IsFound = true }
        : (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            OpiSearchHit hit => new SessionReference(hit.Path) { IsFound = true },
            SessionReference reference => reference,
            OpiSession session => new SessionReference(session),
            OpiSessionInfo info => new SessionReference(info.Path),
            FileInfo file => new SessionReference(file.FullName),
            string text => new SessionReference(text),
            null => throw Refuse("There is no session: the value is null. Did the command that should have given it fail?"),
            // With an inner exception the binder tries the object's properties next.
            { } other => throw Refuse($"A session is an open session, an id or a path; this is a {other.GetType().Name}."),
        };

    private static ArgumentTransformationMetadataException Refuse(string message) => new(message, new PSInvalidCastException(message));
}
