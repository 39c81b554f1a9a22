using System.Security.Cryptography;

namespace Opi.PowerShell.Tests;

/// <summary>A test with an engine and a folder of its own, which scripts know as $folder.</summary>
public abstract class EngineTest : IDisposable
{
    protected const string Sonnet = "anthropic:claude-sonnet-4-5";

    protected EngineTest()
    {
        Folder = Directory.CreateTempSubdirectory("opi-tests-").FullName;
        Engine = new Engine();
        Engine.Set("folder", Folder);
        Engine.Set("model", Sonnet);
    }

    protected string Folder { get; }

    private protected Engine Engine { get; }

    public void Dispose()
    {
        Engine.Run("Get-OpiSession -Open | Where-Object Path -Like \"$folder*\" | Close-OpiSession");
        Engine.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an open session, which scripts know as $s.</summary>
    protected OpiSession NewSession(string parameters = "") =>
        Engine.One<OpiSession>($"($s = New-OpiSession $model -Path $folder {parameters})");

    /// <summary>Makes a session of some turns, which scripts know as $s.</summary>
    protected OpiSession NewSession(int turns, string parameters = "")
    {
        OpiSession session = NewSession(parameters);
        Engine.All<OpiTurn>($"foreach ($i in 1..{turns}) {{ $s | Add-OpiTurn -User \"question $i\" -Assistant \"answer $i\" -InputTokens 100 -OutputTokens 10 }}");
        return session;
    }

    /// <summary>Makes a closed session of some turns and gives its id.</summary>
    protected string StoredSession(int turns = 1)
    {
        string id = NewSession(turns).Id;
        Engine.Run("$s | Close-OpiSession").WithoutErrors();
        return id;
    }

    protected string PathOf(string id) => Path.Combine(Folder, id + ".jsonl");

    /// <summary>A golden session file, copied into the folder.</summary>
    protected string CopyGolden(string name, string id)
    {
        File.Copy(Repository.Golden(name, "session.jsonl"), PathOf(id));
        return PathOf(id);
    }

    /// <summary>A session file of this text in the folder.</summary>
    protected string WriteFile(string id, string text)
    {
        File.WriteAllText(PathOf(id), text);
        return PathOf(id);
    }

    /// <summary>The names and contents of all that is in the folder.</summary>
    protected IReadOnlyList<string> Snapshot() =>
    [
        .. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => path + " " + (File.Exists(path) ? Hash(path) : "")),
    ];

    private static string Hash(string path)
    {
        // A writer's lock file can be read by nobody else.
        if (path.EndsWith(".lock", StringComparison.Ordinal))
        {
            return "";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
