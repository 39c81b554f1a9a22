namespace Opi.PowerShell.Tests;

/// <summary>A line of the file that tests/Pester/Invoke-Suites.ps1 writes.</summary>
/// <param name="Suite">The file, without .Tests.ps1.</param>
/// <param name="Name">The names of the blocks and of the test.</param>
/// <param name="Result">Pester's word: Passed, Failed, Skipped, Inconclusive, NotRun.</param>
/// <param name="Message">Why it failed or was skipped; empty for none.</param>
public sealed record PesterResult(string Suite, string Name, string Result, string Message)
{
    public override string ToString() => $"{Suite}: {Name}";
}
