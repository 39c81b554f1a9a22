namespace Opi;

/// <summary>The session belongs to another agent, and only that agent can continue it.</summary>
internal sealed class ForeignSessionException(UsageSource source, string? id, string path)
    : OpiException($"'{id ?? path}' is a session of {source}: it can be read and exported, but not used as a session of Opi.", path)
{
    /// <inheritdoc/>
    public override string ErrorId => "ForeignSession";
}
