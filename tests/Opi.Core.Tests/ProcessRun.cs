namespace Opi.Tests;

/// <summary>What a process gave.</summary>
internal sealed record ProcessRun(int ExitCode, string Output, string Errors);
