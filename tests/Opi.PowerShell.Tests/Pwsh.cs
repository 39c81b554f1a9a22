using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>pwsh as it comes from NuGet, in a process of its own: it has no Opi until a script imports it.</summary>
internal static class Pwsh
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The name of this system in bin/ahead.</summary>
    public static string System
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>Runs a script to its end.</summary>
    public static Task<ProcessRun> Run(string script)
    {
        IEnumerable<AssemblyMetadataAttribute> places = typeof(Pwsh).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        string package = places.Single(entry => entry.Key == "PowerShell").Value!;
        string pwsh = Path.Combine(package, OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");
        var start = new ProcessStartInfo("dotnet", [pwsh, "-NoProfile", "-NonInteractive", "-Command", script]);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        return ChildProcess.Run(start, Patience);
    }
}
