using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>What came of packing the module and using it.</summary>
/// <param name="Run">The process that did it.</param>
/// <param name="Examples">The results of the examples of the help.</param>
/// <param name="Portable">Opi.Core for all systems; null when it was not packed.</param>
/// <param name="Ahead">Opi.Core compiled ahead of time for this system; null when it was not packed.</param>
internal sealed record PackedModule(ProcessRun Run, IReadOnlyList<PesterResult> Examples, CompiledLibrary? Portable, CompiledLibrary? Ahead);
