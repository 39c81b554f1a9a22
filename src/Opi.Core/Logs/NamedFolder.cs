namespace Opi;

/// <summary>A folder of logs, or a file, that an environment variable names.</summary>
/// <param name="Variable">The name of the variable.</param>
/// <param name="Folder">The folder or the file, as the variable has it.</param>
internal sealed record NamedFolder(string Variable, string Folder);
