namespace Opi.CompactionRun;

/// <summary>A turn of a made-up agent, and what it says that will be asked for.</summary>
/// <param name="Messages">Its messages, in order.</param>
/// <param name="Facts">The facts that are planted in it.</param>
public sealed record FactTurn(IReadOnlyList<Message> Messages, IReadOnlyList<Fact> Facts);
