namespace Opi;

/// <summary>The session is another agent's, so that only that agent can go on with it.</summary>
internal sealed class ForeignSessionException(UsageSource source, string? id, string path)
    : OpiException($"'{id ?? path}' is a session of {source}: it can be read and exported, but not used as a session of Opi.", path)
{
    /// <inheritdoc/>
    public override string ErrorId => "ForeignSession";
}
