namespace Opi;

/// <summary>A folder of logs that was named is not there: by an environment variable, or by the name of the agent that should have it.</summary>
internal sealed class LogFolderNotFoundException : OpiException
{
    private LogFolderNotFoundException(UsageSource source, string folder, string message)
        : base(message, folder) => LogSource = source;

    /// <inheritdoc/>
    public override string ErrorId => "SourceNotFound";

    /// <summary>Whose logs should be there.</summary>
    public UsageSource LogSource { get; }

    internal static LogFolderNotFoundException ForVariable(UsageSource source, string variable, string place, bool isFile) => new(
        source,
        place,
        $"There is no {(isFile ? "file" : "folder")} '{place}', which the environment variable {variable} names for the logs of {source}.");

    internal static LogFolderNotFoundException ForSource(UsageSource source, IReadOnlyList<string> folders) =>
        new(
            source,
            folders[0],
            $"There are no logs of {source} here: there is no folder {string.Join(" or ", folders.Select(folder => $"'{folder}'"))}.");
}
