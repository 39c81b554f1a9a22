using System.Globalization;

namespace Opi.CrashTests;

/// <summary>Many processes that create a session in one new folder at the same moment.</summary>
internal sealed class CreatePart : Part
{
    private const int FullProcesses = 40;
    private const int SmallProcesses = 8;

    public override string Name => "create";

    public override void Run(Tally tally, int seed, RoundSize size) => tally.TryIn("sessions at once", folder =>
    {
        int count = size == RoundSize.Small ? SmallProcesses : FullProcesses;
        string sessions = Path.Combine(folder, "new", "sessions");
        List<ChildProcess> processes = [.. Enumerable.Range(1, count).Select(number =>
            ChildProcess.Start("creator", sessions, "--number", number.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture)))];
        try
        {
            processes.ForEach(process => Require.That(process.WaitForLines(1), "a process did not start: " + process.Errors));
            processes.ForEach(process => process.Go());
            processes.ForEach(process => Require.That(process.Wait() == 0, "a process failed: " + process.Errors));
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }

        var turns = new NumberedTurns(seed, TurnKind.Tools);
        FileInfo[] files = [.. new SessionStore(sessions).Files()];
        Require.That(files.Length == count, $"{files.Length} sessions, not {count}");
        var numbers = new HashSet<int>();
        foreach (FileInfo file in files)
        {
            using SessionReader reader = SessionReader.Open(file.FullName);
            Require.That(reader.Recovery.IsClean && reader.Header.Id + SessionStore.Extension == file.Name, "a session is not whole");
            numbers.UnionWith(TurnScan.Read(reader, turns).Whole);
        }

        Require.That(numbers.SetEquals(Enumerable.Range(1, count)), "a turn is not in any of the sessions");
        tally.Faults += count;
        tally.Acknowledged += count;
    });
}

/// <summary>Creates a session at a line of input, with one turn.</summary>
internal static class CreatorCommand
{
    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "number", "seed");
        int number = options.Number("number", 1);
        Console.WriteLine("ready");
        _ = Console.ReadLine();
        using OpiSession session = OpiSession.Create(options[0], new SessionOptions());
        session.AddTurn(new NumberedTurns(options.Number("seed", 1), TurnKind.Tools).Make(number));
        return 0;
    }
}
