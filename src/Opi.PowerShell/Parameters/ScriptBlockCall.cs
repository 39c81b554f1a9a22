using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Calls a script block of the user's. What it is given is its arguments and <c>$_</c>; errors in it end it; and it cannot leave the
/// script that called the cmdlet: a <c>break</c>, <c>continue</c> or <c>exit</c> is an error of the block.
/// </summary>
internal static class ScriptBlockCall
{
    /// <summary>The output of the block.</summary>
    /// <exception cref="RuntimeException">It failed, or it was left by a jump.</exception>
    /// <exception cref="PipelineStoppedException">The pipeline is stopped.</exception>
    public static List<PSObject> Invoke(ScriptBlock script, object current, params object[] arguments)
    {
        try
        {
            return [.. script.InvokeWithContext(
                null, [new PSVariable("_", current), new PSVariable("ErrorActionPreference", ActionPreference.Stop)], arguments)];
        }
        catch (FlowControlException jump)
        {
            throw new RuntimeException($"the script block was left by '{Word(jump)}', which ends nothing outside of it", jump);
        }
    }

    private static string Word(FlowControlException jump) => jump switch
    {
        BreakException => "break",
        ContinueException => "continue",
        ExitException => "exit",
        _ => jump.GetType().Name,
    };
}
