using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A session as a parameter takes it: one that is open, or the id or the path of one on disk.</summary>
public sealed class SessionReference
{
    internal SessionReference(OpiSession session) => Session = session;

    internal SessionReference(string text) => Text = text;

    /// <summary>The open session; null when it was given as text.</summary>
    public OpiSession? Session { get; }

    /// <summary>The id or the path; null when an open session was given.</summary>
    public string? Text { get; }

    /// <summary>The id or the path.</summary>
    public override string ToString() => Session?.Id ?? Text!;
}

/// <summary>Takes an open session, what Get-OpiSession gives, an id or a path, for a session.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SessionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            SessionReference reference => reference,
            OpiSession session => new SessionReference(session),
            OpiSessionInfo info => new SessionReference(info.Path),
            FileInfo file => new SessionReference(file.FullName),
            string text => new SessionReference(text),
            null => throw Refuse("There is no session: the value is null. Did the command that should have given it fail?"),
            // The inner exception tells the binder to try the object's properties next.
            { } other => throw Refuse($"A session is an open session, an id or a path; this is a {other.GetType().Name}."),
        };

    private static ArgumentTransformationMetadataException Refuse(string message) => new(message, new PSInvalidCastException(message));
}

/// <summary>Takes an empty text for nothing, which is what an empty cell of a CSV file means.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmptyAsNullAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is "" ? null : inputData;
}
