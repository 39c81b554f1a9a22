using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>
/// Offers names, labels and working directories of the sessions of the folder, those written last first, as far as half a second goes.
/// </summary>
internal sealed class FolderCompleter : IArgumentCompleter
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(500);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string folder = fakeBoundParameters["Folder"] as string ?? fakeBoundParameters["Path"] as string ?? SessionStore.DefaultFolder();
        try
        {
            return Completions.Of(wordToComplete, [.. Sessions(folder).SelectMany(session => Offer(session, parameterName))]);
        }
        catch (Exception error) when (error is OpiException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return []; // the command itself says what is wrong with the folder
        }
    }

    private static IEnumerable<OpiSessionInfo> Sessions(string folder)
    {
        var clock = Stopwatch.StartNew();
        foreach (FileInfo file in new SessionStore(folder).Files().TakeWhile(_ => clock.Elapsed < TimeLimit))
        {
            OpiSessionInfo? info = null;
            try
            {
                info = OpiSessionInfo.Read(file.FullName);
            }
            catch (OpiException)
            {
                // it is not a session
            }

            if (info is not null)
            {
                yield return info;
            }
        }
    }

    private static IEnumerable<(string Text, string Tooltip)> Offer(OpiSessionInfo session, string parameter) => parameter switch
    {
        "Name" => session.Name is { Length: > 0 } name ? [(name, session.FirstPrompt ?? "")] : [],
        "WorkingDirectory" => [(session.WorkingDirectory, "")],
        _ => session.Labels.Select(label => (label, "")),
    };
}
