using System.Globalization;

namespace Opi;

/// <summary>What reading a session found wrong with its file. Reading continued after each problem.</summary>
public sealed record SessionRecovery
{
    private readonly ValueList<LineFault> _faults;

    /// <summary>How many faults are described; all are counted.</summary>
    internal const int MaxFaults = 100;

    /// <summary>Complete lines that are not entries.</summary>
    public int CorruptLines { get; internal init; }

    /// <summary>Entries of types that this version does not know. They are kept, not used.</summary>
    public int UnknownEntries { get; internal init; }

    /// <summary>Bytes after the last LF that are not an entry: a write that was cut off. 0 for none.</summary>
    public long TornTailBytes { get; internal init; }

    /// <summary>Where the torn tail begins; null for none.</summary>
    public long? TornTailOffset { get; internal init; }

    /// <summary>The last line is whole and lacks only its LF.</summary>
    public bool MissingNewline { get; internal init; }

    /// <summary>The first corrupt lines, with the reasons.</summary>
    public IReadOnlyList<LineFault> Faults { get => _faults.Items; internal init => _faults = new(value); }

    /// <summary>Whether nothing is lost: no corrupt line, no torn tail, no unknown entry.</summary>
    public bool IsClean => CorruptLines == 0 && UnknownEntries == 0 && TornTailBytes == 0;

    /// <summary>The findings in one line; empty when there are none.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (CorruptLines > 0)
        {
            LineFault first = Faults[0];
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Count(CorruptLines, "corrupt line")} skipped (first: line {first.Line}, {first.Reason})"));
        }

        if (TornTailBytes > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"an unfinished last line of {Count(TornTailBytes, "byte")}"));
        }

        if (UnknownEntries > 0)
        {
            parts.Add($"{Count(UnknownEntries, "entry", "entries")} of unknown type kept but not used");
        }

        return string.Join("; ", parts);
    }

    private static string Count(long count, string one, string? many = null) =>
        count.ToString(CultureInfo.InvariantCulture) + " " + (count == 1 ? one : many ?? one + "s");
}
