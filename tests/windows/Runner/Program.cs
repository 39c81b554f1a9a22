using System.Reflection;
using System.Runtime.Loader;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Opi.WindowsTests;

/// <summary>
/// Runs tests of one class in this process, one after the other, and prints each result as it comes: when the process dies, what it had
/// done is known. A line is a word (RUN, PASS, FAIL, SKIP, END), the id of the test case, its name, and a text, with tabs between them.
/// </summary>
internal static class Program
{
    private const string Usage = "Opi.WindowsRunner <tests.dll> <class> [without <file of ids>] [only <id>]";

    private static int Main(string[] args)
    {
        if (args.Length is not (2 or 4))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        string path = Path.GetFullPath(args[0]);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            string beside = Path.Combine(Path.GetDirectoryName(path)!, name.Name + ".dll");
            return File.Exists(beside) ? context.LoadFromAssemblyPath(beside) : null;
        };
        string mode = args.ElementAtOrDefault(2) ?? "all";
        HashSet<string> ids = mode switch
        {
            "all" => [],
            "only" => [args[3]],
            _ => [.. File.ReadAllLines(args[3])],
        };
        return Run(AssemblyLoadContext.Default.LoadFromAssemblyPath(path), args[1], id => mode == "only" ? ids.Contains(id) : !ids.Contains(id));
    }

    private static int Run(Assembly assembly, string className, Func<string, bool> isWanted)
    {
        using var framework = new XunitTestFramework(new NullMessageSink());
        var found = new Discovery(className);
        using (ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly)))
        {
            discoverer.Find(includeSourceInformation: false, found, new Options());
            found.Finished.Wait();
        }

        if (found.Cases.Count == 0)
        {
            Console.Error.WriteLine($"There is no test class '{className}' in {assembly.GetName().Name}.");
            return 2;
        }

        var options = new Options();
        options.SetValue("xunit.execution.DisableParallelization", true);
        options.SetValue("xunit.execution.SynchronousMessageReporting", true);
        var results = new Results();
        using ITestFrameworkExecutor executor = framework.GetExecutor(assembly.GetName());
        executor.RunTests([.. found.Cases.Where(test => isWanted(test.UniqueID))], results, options);
        results.Finished.Wait();
        Console.WriteLine("END\t\t\t");
        Console.Out.Flush();
        Environment.Exit(results.Failed == 0 ? 0 : 1); // a test may have left a thread behind
        return 0;
    }
}
