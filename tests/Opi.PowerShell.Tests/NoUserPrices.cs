using System.Runtime.CompilerServices;

namespace Opi.PowerShell.Tests;

/// <summary>Whoever runs the tests may have prices of their own, which the tests are not to see.</summary>
internal static class NoUserPrices
{
    [ModuleInitializer]
    internal static void Hide() => Environment.SetEnvironmentVariable("OPI_CONFIG_DIR", Path.Combine(Path.GetTempPath(), "opi-tests-without-settings"));
}
