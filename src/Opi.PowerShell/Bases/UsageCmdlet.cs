using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that takes the tokens of an answer.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class UsageCmdlet : OpiCmdlet
{
    /// <summary>Tokens of the prompt that were neither read from nor written to the cache.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Count]
    public long? InputTokens { get; set; }

    /// <summary>Tokens the model produced, thinking included.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Count]
    public long? OutputTokens { get; set; }

    /// <summary>Tokens of the prompt that came from the cache.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Count]
    public long? CacheReadTokens { get; set; }

    /// <summary>Tokens of the prompt that were written to the cache.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Count]
    public long? CacheWriteTokens { get; set; }

    /// <summary>The tokens that were given, the others as 0; null when none was.</summary>
    private protected Usage? GivenUsage =>
        InputTokens is null && OutputTokens is null && CacheReadTokens is null && CacheWriteTokens is null
            ? null
            : new Usage(InputTokens ?? 0, OutputTokens ?? 0, CacheReadTokens ?? 0, CacheWriteTokens ?? 0);

    private protected static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
