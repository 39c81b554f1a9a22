using System.Globalization;
using System.Runtime.InteropServices;

namespace Opi.CrashTests;

/// <summary>
/// Adds numbered turns as <see cref="WriteCommand"/> does, and goes on after an error, as a program should that uses the library. It
/// prints each number that was acknowledged on a line of its own, and says what else happened on others.
/// </summary>
internal static partial class FaultyCommand
{
    public const string Usage = "faulty <folder> [--turns 8] [--seed 1] [--limit-at turn --limit bytes] [--lift milliseconds]";

    public const string CreateFailed = "create failed";
    public const string Failed = "failed";
    public const string Changed = "changed";
    public const string MemoryChanged = "memory changed";
    public const string Reopened = "reopened";
    public const string Wrong = "wrong";

    private const int FileSizeLimit = 1;    // RLIMIT_FSIZE
    private const int FileSizeSignal = 25;  // SIGXFSZ
    private const nint Ignore = 1;          // SIG_IGN
    private const ulong Unlimited = ulong.MaxValue;

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "turns", "seed", "limit-at", "limit", "lift");
        var turns = new NumberedTurns(options.Number("seed", 1), TurnKind.Tools);
        if (options.Number("limit-at", 0) > 0)
        {
            _ = SetSignal(FileSizeSignal, Ignore);
        }

        OpiSession session = Create(options[0]);
        for (int number = 1; number <= options.Number("turns", 8); number++)
        {
            byte[] bytes = SharedText.ReadAllBytes(session.Path);
            (int entries, CumulativeUsage usage) = (session.EntryCount, session.Usage);
            if (number == options.Number("limit-at", 0))
            {
                LimitFileSize((ulong)(bytes.Length + options.Number("limit", 0)));
                if (options.Number("lift", 0) is > 0 and int delay)
                {
                    new Thread(() =>
                    {
                        Thread.Sleep(delay);
                        LimitFileSize(Unlimited);
                    }).Start();
                }
            }

            try
            {
                session.AddTurn(turns.Make(number));
                Acknowledge(number);
                continue;
            }
            catch (SessionWriteException error)
            {
                LimitFileSize(Unlimited);
                Say(number, Failed, error.Message);
            }
            catch (Exception error)
            {
                Say(number, Wrong, error.ToString());
                return 1;
            }

            if (!SharedText.ReadAllBytes(session.Path).AsSpan().SequenceEqual(bytes))
            {
                Say(number, Changed, "the file is not what it was before the turn");
            }

            if (session.EntryCount != entries || session.Usage != usage)
            {
                Say(number, MemoryChanged, "the session is not what it was before the turn");
            }

            try
            {
                session.AddTurn(turns.Make(number));
            }
            catch (SessionWriteException error)
            {
                session.Close();
                session = OpiSession.Resume(session.Path, new SessionOptions());
                session.AddTurn(turns.Make(number));
                Say(number, Reopened, error.Message);
            }

            Acknowledge(number);
        }

        session.Close();
        return 0;
    }

    private static OpiSession Create(string folder)
    {
        try
        {
            return OpiSession.Create(folder, new SessionOptions());
        }
        catch (OpiException error)
        {
            Say(0, CreateFailed, $"{error.GetType().Name}: {error.Message}");
            return OpiSession.Create(folder, new SessionOptions());
        }
    }

    private static void Acknowledge(int number) => Console.WriteLine(number.ToString(CultureInfo.InvariantCulture));

    private static void Say(int number, string what, string why) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {what}: {why.ReplaceLineEndings(" ")}"));

    private static void LimitFileSize(ulong bytes)
    {
        Span<ulong> limit = [bytes, Unlimited];
        Require.That(SetLimit(FileSizeLimit, ref limit[0]) == 0, "the limit of file sizes could not be set");
    }

    [DllImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, ref ulong currentAndMaximum);

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SetSignal(int signal, nint handler);
}

/// <summary>Flushes a file as the framework does it, to see whether it tells of an error.</summary>
internal static class FrameworkFlushCommand
{
    public const string Name = "framework-flush";

    public static int Run(IEnumerable<string> args)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(args.First(), FileMode.Create, FileAccess.Write);
        RandomAccess.Write(file, "x"u8, 0);
        try
        {
            RandomAccess.FlushToDisk(file);
            Console.WriteLine("swallowed");
        }
        catch (IOException)
        {
            Console.WriteLine("thrown");
        }

        return 0;
    }
}
