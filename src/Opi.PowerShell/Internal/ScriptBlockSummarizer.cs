using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Lets a script block make the summary: it gets the messages as its argument and in <c>$_</c>, and what it puts out is the text.</summary>
internal sealed class ScriptBlockSummarizer(string sessionId, ScriptBlock script) : ISummarizer
{
    public string Summarize(IReadOnlyList<AgentMessage> messages)
    {
        object[] input = [.. messages];
        try
        {
            IEnumerable<PSObject> output = script.InvokeWithContext(null, [new PSVariable("_", input), new PSVariable("ErrorActionPreference", ActionPreference.Stop)], [input]);
            return string.Join(Environment.NewLine, output.Where(item => item is not null).Select(item => item.ToString()));
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            throw new CompactionFailedException(sessionId, $"the summariser failed: {error.Message.TrimEnd('.')}.", error);
        }
    }
}
