using System.Diagnostics;
using System.Globalization;

namespace Opi.CrashTests;

/// <summary>A process that adds turns and prints the number of each one that was acknowledged.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<int> _acknowledged = [];
    private readonly byte[] _buffer = new byte[4096];
    private int _number;

    private WriterProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
    }

    /// <summary>The turns that were acknowledged so far.</summary>
    public IReadOnlyList<int> Acknowledged => _acknowledged;

    /// <summary>This program again, as a writer.</summary>
    public static WriterProcess StartCore(params string[] arguments)
    {
        string self = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";
        return new(new ProcessStartInfo(self, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments));
    }

    /// <summary>A script in pwsh or, where that is missing, in Opi.Shell.</summary>
    public static WriterProcess StartScript(string script, string? pwsh, string root)
    {
        if (pwsh is not null)
        {
            return new(new ProcessStartInfo(pwsh, ["-NoProfile", "-NonInteractive", "-File", script]));
        }

        string shell = Directory.EnumerateFiles(Path.Combine(root, "artifacts", "bin", "Opi.Shell"), "Opi.Shell.dll", SearchOption.AllDirectories).First();
        return new(new ProcessStartInfo("dotnet", [shell, script]));
    }

    /// <summary>Reads until a turn is acknowledged. False when the process ends before.</summary>
    public bool ReadUntil(int number)
    {
        while (_acknowledged.Count == 0 || _acknowledged[^1] < number)
        {
            if (!ReadSome())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends the process at once (SIGKILL), and reads what it had printed before.</summary>
    public void Kill()
    {
        ChildProcess.End(_process);
        _ = Finish();
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>The exit code.</returns>
    public int Finish()
    {
        while (ReadSome())
        {
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    /// <summary>A number counts with its line end only: without it, it may be the beginning of a longer one.</summary>
    private bool ReadSome()
    {
        int read = _process.StandardOutput.BaseStream.Read(_buffer);
        foreach (byte b in _buffer.AsSpan(0, read))
        {
            if (b is >= (byte)'0' and <= (byte)'9')
            {
                _number = (_number * 10) + b - '0';
            }
            else if (b == '\n')
            {
                _acknowledged.Add(_number);
                _number = 0;
            }
            else if (b != '\r')
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the writer printed byte {b} where only numbers are expected"));
            }
        }

        return read > 0;
    }
}
