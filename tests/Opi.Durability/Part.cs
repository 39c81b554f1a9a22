using System.Globalization;

namespace Opi.CrashTests;

/// <summary>How much a round of a part does.</summary>
internal enum RoundSize
{
    /// <summary>A few seconds at most: for a CI run.</summary>
    Small,

    /// <summary>Some ten seconds.</summary>
    Full,
}

/// <summary>A part of the suite: a kind of fault, and the checks that nothing is lost by it.</summary>
internal abstract class Part
{
    /// <summary>The name of the part, which is that of its command too.</summary>
    public abstract string Name { get; }

    /// <summary>Why it cannot run here; null when it can.</summary>
    public virtual string? Obstacle() => null;

    /// <summary>Runs a round. What goes wrong is put in the tally; an exception that leaves counts as a failure too.</summary>
    public abstract void Run(Tally tally, int seed, RoundSize size);
}

/// <summary>What the rounds of a part came to.</summary>
internal sealed class Tally(string part)
{
    private const int MostShown = 3;
    private const int KindLength = 60;

    private readonly Dictionary<string, int> _kinds = [];
    private readonly SortedDictionary<string, int> _notes = new(StringComparer.Ordinal);

    public int Rounds { get; private set; }

    /// <summary>Kills, injected errors, cut or mutated files.</summary>
    public long Faults { get; set; }

    /// <summary>Turns that were acknowledged and looked for after the fault.</summary>
    public long Acknowledged { get; set; }

    /// <summary>Broken promises of any kind.</summary>
    public int Failures { get; private set; }

    /// <summary>What else was counted.</summary>
    public IReadOnlyDictionary<string, int> Notes => _notes;

    public void Note(string what, int count = 1)
    {
        if (count > 0)
        {
            _notes[what] = _notes.GetValueOrDefault(what) + count;
        }
    }

    /// <summary>Counts a failure. Of those of one kind only the first ones are shown.</summary>
    private void Fail(string what, string why)
    {
        Failures++;
        string kind = new([.. why.Where(c => !char.IsDigit(c)).Take(KindLength)]);
        int shown = _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        if (shown <= MostShown)
        {
            Console.Error.WriteLine($"{part}: {what}: {why}");
        }
    }

    /// <summary>Runs a round of a part in a folder of its own, which stays when something failed in it.</summary>
    public void Run(Part part, int seed, RoundSize size)
    {
        Rounds++;
        Try($"seed {seed.ToString(CultureInfo.InvariantCulture)}", () => part.Run(this, seed, size));
    }

    /// <summary>Runs one case; whatever it throws is a failure.</summary>
    /// <returns>Whether it went well.</returns>
    public bool Try(string what, Action action)
    {
        int before = Failures;
        try
        {
            action();
        }
        catch (Exception error)
        {
            Fail(what, error is CheckFailedException or OpiException ? error.Message : error.ToString());
        }

        return Failures == before;
    }

    /// <summary>As <see cref="Try"/> with a folder of its own, which is kept when the case fails.</summary>
    public void TryIn(string what, Action<string> action, bool inMemory = false)
    {
        string folder = Scratch.Create(inMemory);
        if (Try($"{what} (files in {folder})", () => action(folder)))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>Folders for the files of a case.</summary>
internal static class Scratch
{
    private const string Memory = "/dev/shm";

    /// <summary>Makes a folder; where the machine allows it and flushes are not what is tested, in memory.</summary>
    public static string Create(bool inMemory = false) => inMemory && Directory.Exists(Memory)
        ? Directory.CreateDirectory(Path.Combine(Memory, "opi-durability-" + Path.GetRandomFileName())).FullName
        : Directory.CreateTempSubdirectory("opi-durability-").FullName;
}

/// <summary>Conditions of the checks.</summary>
internal static class Require
{
    public static void That(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new CheckFailedException(otherwise);
        }
    }

    /// <summary>Asserts that an action ends with an error of this type, and gives it.</summary>
    public static T Throws<T>(string what, Action action)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T expected)
        {
            return expected;
        }

        throw new CheckFailedException($"{what}: it went through, where a {typeof(T).Name} was due");
    }
}
