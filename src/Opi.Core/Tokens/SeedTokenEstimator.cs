using System.Text;

namespace Opi;

/// <summary>opi's estimate: a token for each four bytes of a message's text in UTF-8. Tool calls, thinking and images count nothing.</summary>
internal sealed class SeedTokenEstimator : ITokenEstimator
{
    public static readonly SeedTokenEstimator Instance = new();

    private SeedTokenEstimator()
    {
    }

    public long Estimate(AgentMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Encoding.UTF8.GetByteCount(message.Text) / 4;
    }
}
