using System.Security.Cryptography;
using System.Text;

namespace Opi;

/// <summary>What the path of a file of Kimi Code or kimi-cli and the files next to it show: the session, the agent and the project.</summary>
internal sealed class KimiPlace
{
    private readonly string _session;

    private KimiPlace(string session, bool isCli, bool isSubagent) =>
        (_session, IsCli, IsSubagent, SessionId) = (session, isCli, isSubagent, Path.GetFileName(session));

    /// <summary>Whether it is of kimi-cli.</summary>
    public bool IsCli { get; }

    /// <summary>Whether a subagent wrote it.</summary>
    public bool IsSubagent { get; }

    /// <summary>The session.</summary>
    public string SessionId { get; }

    /// <summary>The folder that the agent worked in; null when not known.</summary>
    public string? Project { get; private set; }

    /// <summary>The model of the settings, the only one that kimi-cli logs; null when there is none.</summary>
    public string? DefaultModel { get; private set; }

    /// <summary>
    /// Kimi Code has <c>SESSION/agents/NAME/wire.jsonl</c>; kimi-cli <c>SESSION/wire.jsonl</c> and <c>SESSION/subagents/NAME/wire.jsonl</c>.
    /// </summary>
    public static KimiPlace Of(string path) => LogPath.Above(path, 2) switch
    {
        "agents" => new KimiPlace(LogPath.FolderAbove(path, 3), isCli: false, LogPath.Above(path, 1) != "main"),
        "subagents" => new KimiPlace(LogPath.FolderAbove(path, 3), isCli: true, isSubagent: true),
        _ => new KimiPlace(LogPath.FolderAbove(path, 1), isCli: true, isSubagent: false),
    };

    /// <summary>Reads the files next to it, with a function that reads one.</summary>
    public void Read(Func<string, byte[]?> read)
    {
        if (!IsCli)
        {
            LogValue state = LogValueReader.Parse(read(Path.Combine(_session, "state.json")));
            Project = state["cwd"u8].Text ?? state["workDir"u8].Text;
            return;
        }

        string folder = LogPath.FolderAbove(_session, 1), home = LogPath.FolderAbove(folder, 2);
        foreach (LogValue work in LogValueReader.Parse(read(Path.Combine(home, "kimi.json")))["work_dirs"u8].Elements)
        {
            if (work["path"u8].Text is { } path
                && Convert.ToHexString(Hash(path)).Equals(Path.GetFileName(folder), StringComparison.OrdinalIgnoreCase))
            {
                Project = path;
            }
        }

        string settings = Encoding.UTF8.GetString(read(Path.Combine(home, "config.toml")) ?? []);
        foreach (string line in settings.Split('\n').Select(line => line.Trim()).TakeWhile(line => !line.StartsWith('[')))
        {
            string[] parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is ["default_model", { Length: > 2 } value] && value[0] is '"' or '\'')
            {
                DefaultModel = value.Split(value[0])[1];
            }
        }
    }

#pragma warning disable CA5351 // the name of the folder is this hash; nothing is protected by it
    private static byte[] Hash(string path) => MD5.HashData(Encoding.UTF8.GetBytes(path));
#pragma warning restore CA5351
}
