using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Opi.PowerShell;

/// <summary>
/// Runs a tool in its own runspace, at the same time as others. Its script, its text or its module is loaded there. Variables
/// and functions of the caller's are not there.
/// </summary>
/// <param name="tool">The tool.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="output">Takes its output.</param>
/// <param name="place">The location where it begins.</param>
internal sealed class ToolRunspace(CommandTool tool, Hashtable arguments, ToolOutput output, string place) : IDisposable
{
    private const string Prepare = "param($place) Set-Location -LiteralPath $place";

    private readonly PowerShellInstance _shell = new(tool);

    /// <summary>Runs it on its own thread.</summary>
    public void Run()
    {
        ToolRun.Guard(output, () =>
        {
            _shell.Invoke(output, Prepare, place);
            _shell.Invoke(output, ToolRun.Call, _shell.Target, arguments, output);
            if (!output.HasEnded && !output.IsError)
            {
                output.AddError("It was left by 'exit', which ends nothing outside of it.");
            }

            _shell.Invoke(output, ToolRun.Format, output);
        });
    }

    public void Stop() => _shell.Stop();

    public void Dispose() => _shell.Dispose();

    /// <summary>The engine of a runspace that has what a tool is made of.</summary>
    private sealed class PowerShellInstance : IDisposable
    {
        private readonly Runspace _runspace;
        private System.Management.Automation.PowerShell? _running;
        private volatile bool _isStopped;

        public PowerShellInstance(CommandTool tool)
        {
            InitialSessionState state = InitialSessionState.CreateDefault2();
            if (tool.Command.Module?.Path is { Length: > 0 } module && tool.Script is null)
            {
                state.ImportPSModule(new[] { module });
            }
            else if (tool.Script is null && tool.Command is FunctionInfo function)
            {
                state.Commands.Add(new SessionStateFunctionEntry(function.Name, function.Definition));
            }

            Target = tool.Script is not null ? ScriptBlock.Create(tool.Script.ToString())
                : tool.Command is ExternalScriptInfo script ? script.Path
                : tool.Command.Name;
            _runspace = RunspaceFactory.CreateRunspace(state);
            _runspace.Open();
        }

        public object Target { get; }

        public void Invoke(ToolOutput output, string script, params object[] parameters)
        {
            if (_isStopped)
            {
                throw new PipelineStoppedException();
            }

            using var shell = System.Management.Automation.PowerShell.Create();
            shell.Runspace = _runspace;
            shell.AddScript(script);
            foreach (object parameter in parameters)
            {
                shell.AddArgument(parameter);
            }

            _running = shell;
            shell.Invoke();
            foreach (ErrorRecord error in shell.Streams.Error)
            {
                output.AddError(error);
            }
        }

        public void Stop()
        {
            _isStopped = true;
            _running?.BeginStop(null, null);
        }

        public void Dispose() => _runspace.Dispose();
    }
}
