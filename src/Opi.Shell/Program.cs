using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace Opi.Shell;

/// <summary>Runs a script in the PowerShell engine with Opi imported. Output goes through the engine's formatting, errors to stderr.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int BadArguments = 2;

    private static int Main(string[] args)
    {
        if (args.Length == 0 || !File.Exists(args[0]))
        {
            Console.Error.WriteLine(args.Length == 0
                ? "Give a script: dotnet run --project src/Opi.Shell -- examples/quickstart.ps1 [parameters]"
                : $"No script '{args[0]}'.");
            return BadArguments;
        }

        if (FindModule() is not { } module)
        {
            Console.Error.WriteLine("No Opi.psd1 above this program: run it from the project's folder.");
            return BadArguments;
        }

        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule([module]);
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        }

        var host = new ConsoleHost();
        using Runspace runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        return host.ExitCode ?? Run(runspace, host, Path.GetFullPath(args[0]), args[1..]);
    }

    private static int Run(Runspace runspace, ConsoleHost host, string script, string[] parameters)
    {
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            shell.BeginStop(null, null);
        };
        shell.AddScript(CommandLine.For(script, parameters)).AddCommand("Out-Default");
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        try
        {
            shell.Invoke();
            return host.ExitCode ?? (runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int code ? code : 0);
        }
        catch (PipelineStoppedException)
        {
            return Failed;
        }
        catch (RuntimeException error)
        {
            host.UI.WriteErrorLine(error.ErrorRecord.InvocationInfo is { } at ? $"{error.Message}{at.PositionMessage}" : error.Message);
            return Failed;
        }
    }

    /// <summary>The manifest of the checkout that this program was built in.</summary>
    private static string? FindModule()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string manifest = Path.Combine(folder.FullName, "Opi.psd1");
            if (File.Exists(manifest))
            {
                return manifest;
            }
        }

        return null;
    }
}
