using System.Diagnostics;
using System.Globalization;

namespace Opi.CrashTests;

/// <summary>Which program writes and is killed.</summary>
internal enum WriterHost
{
    /// <summary>This one, through Opi.Core.</summary>
    Core,

    /// <summary>pwsh with the module, through Add-OpiTurn; Opi.Shell where pwsh is missing.</summary>
    Pwsh,

    /// <summary>Opi.Shell.</summary>
    Shell,
}

/// <summary>
/// Writes sessions and kills the writers. Each round is a session: its writer is killed at random places, the file is checked, the next
/// writer goes on, and in the end all turns are there. After each kill copies of the file are cut at random bytes of the last turn, as the
/// loss of power may cut it, and checked too.
/// </summary>
internal sealed class KillCommand
{
    public const string Usage = "kill [--rounds 50] [--turns 1000] [--kills 1] [--cuts 1] [--seed 1] [--kind Tools|Text] [--auto-compact tokens] [--durability Flush|Buffered] [--host Core|Pwsh|Shell]";

    private const int MaxDelayMicroseconds = 2000;

    private readonly int _rounds, _turns, _kills, _cuts, _seed, _compactAt;
    private readonly WriterHost _host;
    private readonly TurnKind _kind;
    private readonly Durability _durability;
    private readonly string? _pwsh;
    private readonly Random _random;
    private readonly NumberedTurns _content;
    private readonly SessionCheck _check;
    private int _acknowledged, _whole, _partial, _torn, _cutsChecked, _cutsTorn;

    private KillCommand(Arguments options)
    {
        _rounds = options.Number("rounds", 50);
        _turns = options.Number("turns", 1000);
        _kills = options.Number("kills", 1);
        _cuts = options.Number("cuts", 1);
        _seed = options.Number("seed", 1);
        _compactAt = options.Number("auto-compact", 0);
        _durability = options.Choice("durability", Durability.Flush);
        _pwsh = FindPwsh();
        WriterHost host = options.Choice("host", WriterHost.Core);
        _host = host == WriterHost.Pwsh && _pwsh is null ? WriterHost.Shell : host;
        _kind = options.Choice("kind", _host == WriterHost.Core ? TurnKind.Tools : TurnKind.Text);
        _random = new Random(_seed);
        _content = new NumberedTurns(_seed, _kind);
        _check = new SessionCheck(_content);
    }

    public static int Run(IEnumerable<string> args) =>
        new KillCommand(new Arguments(args, "rounds", "turns", "kills", "cuts", "seed", "kind", "auto-compact", "durability", "host")).Run();

    private int Run()
    {
        string folder = Directory.CreateTempSubdirectory("opi-durability-").FullName;
        long start = Stopwatch.GetTimestamp();
        for (int round = 1; round <= _rounds; round++)
        {
            string session = Path.Combine(folder, round.ToString(CultureInfo.InvariantCulture));
            try
            {
                RunSession(session);
            }
            catch (Exception error) when (error is CheckFailedException or OpiException)
            {
                Console.Error.WriteLine($"round {round}: {error.Message}");
                Console.Error.WriteLine($"The files are in {session}.");
                return 1;
            }

            Directory.Delete(session, recursive: true);
        }

        Directory.Delete(folder, recursive: true);
        Print($"host {_host}, {_durability}, seed {_seed}: {_rounds} sessions of {_turns} turns, {_rounds * _kills} kills, in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        Print($"turns acknowledged: {_acknowledged}, lost: 0");
        Print($"turns written, but killed before they were acknowledged: {_whole} whole, {_partial} cut at a message");
        Print($"torn ends left by kills, recovered: {_torn}");
        Print($"copies cut inside their last turn: {_cutsChecked}, of them with a torn end, recovered: {_cutsTorn}");
        return 0;
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private void RunSession(string folder)
    {
        Directory.CreateDirectory(folder);
        var acknowledged = new HashSet<int>();
        int first = 1;
        int[] places = [.. Enumerable.Range(0, _kills).Select(_ => _random.Next(1, _turns)).Order()];
        int extra = 0, partial = 0;
        for (int kill = 1; kill <= _kills; kill++)
        {
            using (WriterProcess writer = StartWriter(folder, first))
            {
                if (!writer.ReadUntil(Math.Max(places[kill - 1], first)))
                {
                    throw new CheckFailedException($"the writer ended by itself with exit code {writer.Finish()} after {writer.Acknowledged.Count} turns");
                }

                Wait(_random.Next(MaxDelayMicroseconds));
                writer.Kill();
                acknowledged.UnionWith(writer.Acknowledged);
                _acknowledged += writer.Acknowledged.Count;
            }

            string path = WriteCommand.FileIn(folder)!;
            CheckReport report = _check.Run(path, acknowledged, kill);
            (extra, partial) = (report.Whole, report.Partial);
            _torn += report.TornBytes > 0 ? 1 : 0;
            for (int cut = 0; cut < _cuts; cut++)
            {
                CheckCut(path, report.AppendedAt, acknowledged, kill + 1);
            }

            acknowledged.Add(report.Appended);
            first = report.Appended + 1;
        }

        _whole += extra;
        _partial += partial;
        using (WriterProcess writer = StartWriter(folder, first))
        {
            int exitCode = writer.Finish();
            acknowledged.UnionWith(writer.Acknowledged);
            _acknowledged += writer.Acknowledged.Count;
            if (exitCode != 0)
            {
                throw new CheckFailedException($"the last writer ended with exit code {exitCode}");
            }
        }

        _ = _check.Run(WriteCommand.FileIn(folder)!, acknowledged, _kills);
    }

    private void CheckCut(string path, long lastTurnAt, HashSet<int> acknowledged, int crashes)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(path)!, "cut")).FullName;
        string copy = Path.Combine(folder, Path.GetFileName(path));
        File.Copy(path, copy);
        using (FileStream file = File.OpenWrite(copy))
        {
            file.SetLength(_random.NextInt64(lastTurnAt, file.Length));
        }

        CheckReport report = _check.Run(copy, acknowledged, crashes);
        _cutsChecked++;
        _cutsTorn += report.TornBytes > 0 ? 1 : 0;
        Directory.Delete(folder, recursive: true);
    }

    private WriterProcess StartWriter(string folder, int first) =>
        _host == WriterHost.Core
            ? WriterProcess.StartCore("write", folder, "--first", Text(first), "--turns", Text(_turns), "--seed", Text(_seed), "--kind", _kind.ToString(), "--auto-compact", Text(_compactAt), "--durability", _durability.ToString())
            : WriterProcess.StartScript(WriteScript(folder, first), _host == WriterHost.Pwsh ? _pwsh : null, Root());

    /// <summary>The same loop as a script. The answers stand in a file, parted by NUL.</summary>
    private string WriteScript(string folder, int first)
    {
        string answers = Path.Combine(folder, "answers");
        string script = Path.Combine(folder, "write.ps1");
        File.WriteAllText(answers, string.Join('\0', Enumerable.Range(first, Math.Max(0, _turns - first + 1)).Select(_content.AnswerOf)));
        string open = WriteCommand.FileIn(folder) is { } path
            ? $"Resume-OpiSession -Session {Quote(path)}"
            : $"New-OpiSession -Path {Quote(folder)} -Model anthropic:claude-sonnet-4-5 -WorkingDirectory /repo";
        string compaction = _compactAt > 0 ? string.Create(CultureInfo.InvariantCulture, $"-CompactionThreshold {_compactAt} -AutoCompact") : "-NoCompaction";
        File.WriteAllText(script, string.Create(CultureInfo.InvariantCulture, $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module {{Quote(Path.Combine(Root(), "Opi.psd1"))}}
            $answers = [System.IO.File]::ReadAllText({{Quote(answers)}}).Split([char]0)
            $session = {{open}} -Durability {{_durability}} {{compaction}}
            for ($number = {{first}}; $number -le {{_turns}}; $number++) {
                $null = Add-OpiTurn -Session $session -User "turn $number" -Assistant $answers[$number - {{first}}] -InputTokens $number -OutputTokens 2
                [System.Console]::Out.WriteLine($number)
            }
            Close-OpiSession -Session $session
            """));
        return script;
    }

    /// <summary>Waits without giving up the processor, which would be too coarse.</summary>
    private static void Wait(int microseconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string? FindPwsh() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
            .FirstOrDefault(File.Exists);

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Opi.psd1")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("No folder above this program holds Opi.psd1.");
    }
}
