using Xunit.Abstractions;

namespace Opi.WindowsTests;

/// <summary>Collects the test cases of a class.</summary>
internal sealed class Discovery(string className) : IMessageSink
{
    public List<ITestCase> Cases { get; } = [];

    public ManualResetEventSlim Finished { get; } = new();

    public bool OnMessage(IMessageSinkMessage message)
    {
        if (message is ITestCaseDiscoveryMessage { TestCase: var test } && IsOf(test.TestMethod.TestClass.Class.Name))
        {
            lock (Cases)
            {
                Cases.Add(test);
            }
        }

        if (message is IDiscoveryCompleteMessage)
        {
            Finished.Set();
        }

        return true;
    }

    private bool IsOf(string fullName) => fullName == className || fullName.EndsWith('.' + className, StringComparison.Ordinal);
}
