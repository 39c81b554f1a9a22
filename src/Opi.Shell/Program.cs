using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell;

namespace Opi.Shell;

/// <summary>
/// The console of PowerShell with Opi imported, for a machine that has only the .NET SDK. Its parameters and exit codes are pwsh's, but no
/// profile is loaded: a script gives the same on every machine.
/// </summary>
internal static class Program
{
    private const int NoModule = 2;

    private const string Usage = """
        Usage: dotnet run --project src/Opi.Shell -- [[-File] script.ps1 [parameters]]
               dotnet run --project src/Opi.Shell -- -Command command
               dotnet run --project src/Opi.Shell --                       (a prompt)

        PowerShell with Opi imported. The parameters are those of pwsh, and no profile is loaded.
        """;

    private static int Main(string[] args)
    {
        if (FindModule() is not { } manifest)
        {
            Console.Error.WriteLine("There is no Opi.psd1 in the folders above this program. Run it from a checkout of Opi.");
            return NoModule;
        }

        // The console sends usage data to its maker unless this is set. A checkout of Opi sends nothing.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([manifest]);
        if (OperatingSystem.IsWindows())
        {
            // pwsh has this in its powershell.config.json. Without it Windows runs no script.
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        }

        string banner = $"PowerShell {VersionOf(typeof(PSObject))} with Opi {VersionOf(typeof(Program))}";
        int exitCode = ConsoleShell.Start(state, banner, Usage, ["-NoProfile", .. args]);

        // Not a return, which waits for threads: a runspace that could not be opened leaves one behind.
        Environment.Exit(exitCode);
        return exitCode;
    }

    /// <summary>The version that an assembly was released as, without the commit.</summary>
    private static string? VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0];

    /// <summary>The manifest of the checkout that this program was built in; null when there is none.</summary>
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
