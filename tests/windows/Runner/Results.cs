using Xunit.Abstractions;

namespace Opi.WindowsTests;

/// <summary>Prints what the tests come to.</summary>
internal sealed class Results : IMessageSink
{
    private const string Indent = "    ";

    private readonly Lock _printing = new();

    public int Failed { get; private set; }

    public ManualResetEventSlim Finished { get; } = new();

    public bool OnMessage(IMessageSinkMessage message)
    {
        lock (_printing)
        {
            switch (message)
            {
                case ITestStarting test:
                    Print("RUN", test.Test, "");
                    break;
                case ITestPassed test:
                    Print("PASS", test.Test, "");
                    break;
                case ITestSkipped test:
                    Print("SKIP", test.Test, test.Reason);
                    break;
                case ITestFailed test when IsDynamicSkip(test):
                    Print("SKIP", test.Test, test.Messages[0]);
                    break;
                case ITestFailed test:
                    Failed++;
                    Print("FAIL", test.Test, string.Join(" ---> ", test.Messages));
                    Console.WriteLine(Indent + string.Join("\n", test.StackTraces).ReplaceLineEndings("\n" + Indent));
                    break;
                case ITestClassCleanupFailure failure:
                    Fault(failure.TestClass.Class.Name, failure);
                    break;
                case ITestCleanupFailure failure:
                    Fault(failure.Test.DisplayName, failure);
                    break;
                case IErrorMessage failure:
                    Fault("(outside of a test)", failure);
                    break;
                case ITestAssemblyFinished:
                    Finished.Set();
                    break;
            }
        }

        return true;
    }

    /// <summary>What Xunit.SkippableFact does not turn into a skipped test by itself.</summary>
    private static bool IsDynamicSkip(ITestFailed test) => test.ExceptionTypes.FirstOrDefault() == "Xunit.SkipException";

    private static void Print(string word, ITest test, string text) =>
        Console.WriteLine($"{word}\t{test.TestCase.UniqueID}\t{OneLine(test.DisplayName)}\t{OneLine(text)}");

    private void Fault(string where, IFailureInformation failure)
    {
        Failed++;
        Console.WriteLine($"FAIL\t\t{OneLine(where)}\t{OneLine(string.Join(" ---> ", failure.Messages))}");
    }

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ").Replace('\t', ' ');
}
