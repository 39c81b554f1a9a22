using System.Reflection;

namespace Opi.Help;

/// <summary>Makes the files that Get-Help reads. The build of Opi.PowerShell runs it.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int BadArguments = 2;

    private static int Main(string[] args)
    {
        if (args is not [string assembly, string pages, string folder])
        {
            Console.Error.WriteLine("Usage: dotnet Opi.Help.dll <Opi.PowerShell.dll> <folder of the pages> <folder for the help>");
            return BadArguments;
        }

        try
        {
            // Not a reference of this project: the build of that assembly runs this program.
            Assembly module = Assembly.LoadFrom(Path.GetFullPath(assembly));
            HelpFiles.Create(CmdletDescription.All(module), pages).Write(folder);
            return 0;
        }
        catch (HelpException error)
        {
            Console.Error.WriteLine(error.Message);
            return Failed;
        }
    }
}
