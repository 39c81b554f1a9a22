using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Writes a session as Markdown, JSON or HTML.</summary>
[Cmdlet(VerbsData.Export, "OpiSession", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportOpiSessionCommand : OpiCmdlet
{
    private readonly HashSet<string> _written = [];
    private readonly HashSet<(string, string?)> _taken = []; // what a search found

    /// <summary>The session: an open one, an id or a path.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    public SessionReference Session { get; set; } = null!;

    /// <summary>The new file, or a folder for a file of each session.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The format; by default chosen by the file's extension.</summary>
    [Parameter]
    [Name<ExportFormat>(AllowEmpty = true)]
    public ExportFormat? Format { get; set; }

    /// <summary>Every message of the file, without summaries.</summary>
    [Parameter]
    public SwitchParameter FullTree { get; set; }

    /// <summary>Leaves out the results of tools.</summary>
    [Parameter]
    public SwitchParameter ExcludeToolOutput { get; set; }

    /// <summary>Leaves out what the model thought.</summary>
    [Parameter]
    public SwitchParameter ExcludeThinking { get; set; }

    /// <summary>What is taken out.</summary>
    [Parameter]
    [Name<ExportRedaction>]
    public ExportRedaction Redact { get; set; }

    /// <summary>The folder in which an id is looked for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>Replaces a file that is read-only too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Replaces no file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        if (_taken.Contains((Session.ToString(), Session.Foreign?.SessionId)))
        {
            return; // several hits of a search are in one session
        }

        SaidSession? foreign = Session.Foreign?.Read(Cancellation);
        string source = foreign?.Path ?? PathOf(Session, Folder);
        using SessionReader? reader = foreign is null ? OpenReader(source) : null;
        string id = foreign?.Id ?? reader!.Header.Id;
        string target = TargetFor(foreign is null ? source : FileNameOf(foreign.Id), out ExportFormat format);
        if (!_written.Add(target))
        {
            WriteInvalidArgument(
                "SeveralSessions", $"'{target}' holds another session of this pipeline. Give a folder as -Path to export several.", Session);
            return;
        }

        if (!ShouldProcess(target, $"Export the session '{id}'"))
        {
            return;
        }

        var options = new SessionExportOptions
        {
            Format = format,
            FullTree = FullTree,
            ExcludeToolOutput = ExcludeToolOutput,
            ExcludeThinking = ExcludeThinking,
            Redact = Redact,
            Overwrite = ExportedFile.OverwriteOf(Force, NoClobber),
        };
        using var progress = new ScanProgress(this, "Exporting a session");
        void Tell(int done, int all) => progress.At(id, done, all);
        if (foreign is not null)
        {
            SessionExport.Write(foreign, target, options, Tell, Cancellation);
        }
        else
        {
            SessionExport.Write(reader!, target, options, Tell, Cancellation);
        }

        if (Session.IsFound)
        {
            _taken.Add((Session.ToString(), Session.Foreign?.SessionId));
        }

        if (PassThru)
        {
            this.WriteFile(target);
        }
    });

    /// <summary>A file name made from another agent's session id, which may contain anything.</summary>
    private static string FileNameOf(string id) =>
        SessionStore.IsId(id) ? id + SessionStore.Extension
        : string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_')) + SessionStore.Extension;

    private string TargetFor(string source, out ExportFormat format)
    {
        string path = ResolveFilePath(Path);
        bool isFolder = Directory.Exists(path) || System.IO.Path.EndsInDirectorySeparator(path);
        format = Format ?? (isFolder ? ExportFormat.Markdown : SessionExportOptions.FormatOf(path));
        return isFolder
            ? System.IO.Path.Combine(path, System.IO.Path.GetFileNameWithoutExtension(source) + SessionExportOptions.ExtensionOf(format))
            : path;
    }
}
