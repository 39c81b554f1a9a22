using System.Diagnostics;

namespace Opi.Tests;

/// <summary>
/// Makes a file unreadable for a while, for every user: root reads what its mode forbids. A pipe takes its place; on Windows the file is held
/// open and shared with nobody.
/// </summary>
internal sealed class UnreadableFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream? _held;

    public UnreadableFile(string path)
    {
        _path = path;
        if (OperatingSystem.IsWindows())
        {
            _held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return;
        }

        File.Move(path, Away);
        using Process make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
    }

    private string Away => _path + ".away";

    public void Dispose()
    {
        _held?.Dispose();
        if (File.Exists(Away))
        {
            File.Delete(_path);
            File.Move(Away, _path);
        }
    }
}
