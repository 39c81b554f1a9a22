using System.Collections;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Runs a tool in the caller's session: its output, each error, an exit, a jump, a question to the user are its result. The current
/// location stays as it was.
/// </summary>
/// <param name="cmdlet">Whose session it is.</param>
internal sealed class ToolRun(PSCmdlet cmdlet)
{
    /// <summary>
    /// Calls the tool. What comes from a model is in the table of arguments only, and is bound by name. There is no try around the call: in one
    /// the tool would end at errors that do not end it elsewhere.
    /// </summary>
    public const string Call = """
        param($__opiTarget, $__opiArguments, $__opiOutput)
        $global:LASTEXITCODE = 0
        & { & $__opiTarget @__opiArguments; $__opiOutput.End($?, $LASTEXITCODE) } 2>&1 | & { process { $__opiOutput.Take($_) } }
        """;

    /// <summary>Shows objects as the console does.</summary>
    public const string Format = """
        param($__opiOutput)
        foreach ($__opiPart in $__opiOutput.Unformatted) {
            $__opiPart.Text = ($__opiPart.Objects | Out-String -Width 200).Trim("`r", "`n")
        }
        """;

    private const string Stack = "OpiToolRun";
    private const string ExitCode = "global:LASTEXITCODE";
    private const string NoUser = "throw 'A tool cannot ask the user: there may be no user. Take the answer as a parameter.'";

    private static readonly string[] Questions = ["Read-Host", "Get-Credential", "Pause"];

    /// <summary>Runs a tool.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline is stopped.</exception>
    public void Run(CommandTool tool, Hashtable arguments, ToolOutput output)
    {
        string folder = Environment.CurrentDirectory;
        object? exitCode = cmdlet.SessionState.PSVariable.GetValue(ExitCode);
        string place = cmdlet.SessionState.Path.CurrentLocation.Path;
        cmdlet.SessionState.Path.PushCurrentLocation(Stack);
        try
        {
            Guard(output, () => Invoke(Call, tool.Target, arguments, output));
            if (!output.HasEnded && !output.IsError)
            {
                output.AddError("It was left before its end.");
            }

            Guard(output, () => Invoke(Format, output));
        }
        finally
        {
            cmdlet.SessionState.PSVariable.Set(ExitCode, exitCode);
            Restore(folder, place, output);
        }
    }

    /// <summary>Runs a part of a tool: all that it throws is an error of the tool, except the end of the pipeline.</summary>
    public static void Guard(ToolOutput output, Action run)
    {
        try
        {
            run();
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (FlowControlException jump)
        {
            output.AddError($"It was left by '{Word(jump)}', which ends nothing outside of it.");
        }
        catch (RuntimeException error)
        {
            output.AddError(error.ErrorRecord);
        }
        catch (Exception error) // a tool is foreign code, which throws anything
        {
            output.AddError(error.Message);
        }
    }

    private static string Word(FlowControlException jump) => jump switch
    {
        BreakException => "break",
        ContinueException => "continue",
        ExitException => "exit",
        _ => jump.GetType().Name,
    };

    private static void Invoke(string script, params object[] arguments)
    {
        var questions = new Dictionary<string, ScriptBlock>();
        foreach (string name in Questions)
        {
            questions[name] = ScriptBlock.Create(NoUser);
        }

        ScriptBlock.Create(script).InvokeWithContext(
            questions, [new PSVariable("ErrorActionPreference", ActionPreference.Continue)], arguments);
    }

    private void Restore(string folder, string place, ToolOutput output)
    {
        try
        {
            cmdlet.SessionState.Path.PopLocation(Stack);
        }
        catch (Exception error) when (error is RuntimeException or ArgumentException)
        {
            output.AddError($"The location '{place}' is not there any more: {error.Message}");
        }

        try
        {
            Environment.CurrentDirectory = folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            output.AddError($"The folder '{folder}' of the process is not there any more: {error.Message}");
        }
    }
}
