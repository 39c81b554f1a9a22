namespace Opi;

internal interface ITokenEstimator
{
    /// <summary>The tokens of a message, all that a model sees of it.</summary>
    long Estimate(AgentMessage message);
}
