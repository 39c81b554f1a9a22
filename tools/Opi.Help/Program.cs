namespace Opi.Help;

/// <summary>
/// Writes the help files beside the source of the cmdlets. With <c>--check</c> it writes nothing and fails when they are out of date.
/// </summary>
internal static class Program
{
    private const int Failed = 1;
    private const int BadArguments = 2;

    private static int Main(string[] args)
    {
        if (args is not ([] or ["--check"]))
        {
            Console.Error.WriteLine("Usage: dotnet run --project tools/Opi.Help [-- --check]");
            return BadArguments;
        }

        try
        {
            var files = HelpFiles.Create(HelpFiles.FindRoot());
            return args.Length == 0 ? Write(files) : Check(files);
        }
        catch (HelpException error)
        {
            Console.Error.WriteLine(error.Message);
            return Failed;
        }
    }

    private static int Write(HelpFiles files)
    {
        foreach (string path in files.WriteOutdated())
        {
            Console.WriteLine($"Wrote {path}");
        }

        return 0;
    }

    private static int Check(HelpFiles files)
    {
        IReadOnlyList<string> outdated = [.. files.Outdated()];
        foreach (string path in outdated)
        {
            Console.Error.WriteLine($"{path} is out of date. Run: dotnet run --project tools/Opi.Help");
        }

        return outdated.Count == 0 ? 0 : Failed;
    }
}
