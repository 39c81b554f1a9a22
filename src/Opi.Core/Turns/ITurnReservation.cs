namespace Opi;

/// <summary>What is reserved for one request. Disposing it without settling it says that the request was not billed.</summary>
internal interface ITurnReservation : IDisposable
{
    /// <summary>Puts what was billed in the place of what was reserved.</summary>
    /// <param name="answers">The answers as they are recorded; their usage may be unknown.</param>
    void Settle(IReadOnlyList<AssistantMessage> answers);
}
