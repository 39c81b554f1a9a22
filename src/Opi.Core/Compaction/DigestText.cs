using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// A digest as its sections of items, and as text. The text is read back without loss: its first line names the form, a heading begins a
/// section, <c>- </c> an item, two spaces its further lines, so that no text that is quoted can be taken for anything else.
/// </summary>
internal sealed partial class DigestText
{
    private const string Mark = "[opi-digest/1]";
    private const int HeadingTokens = 100;
    private const int ShortestBeginning = 24;
    private const int Rounds = 3;
    private const int HardlyAnything = 50; // one in so many
    private const int WholeShare = 3; // the newest items of a third of the room stay whole

    /// <summary>How much of an item at least is kept where old ones are shortened.</summary>
    public const int BeginningCharacters = 80;

    private static readonly (string Heading, int Percent)[] Sections =
    [
        ("Original request", 10),
        ("Later requests", 28),
        ("Earlier summaries", 8),
        ("Decisions", 13),
        ("Figures", 10),
        ("Tools used", 3),
        ("Files changed", 10),
        ("Files read", 4),
        ("Errors met", 7),
        ("Last state", 7),
    ];

    private readonly List<string>[] _items = [.. Sections.Select(_ => new List<string>())];
    private readonly int[] _leftOut = new int[Sections.Length];
    private readonly Dictionary<(DigestSection Section, string Item), int> _counts = [];

    public int Messages { get; set; }

    /// <summary>Whether a section has nothing, and nothing was left out of it.</summary>
    public bool IsEmpty(DigestSection section) => _items[(int)section].Count == 0 && _leftOut[(int)section] == 0;

    public void Add(DigestSection section, string item) => _items[(int)section].Add(item.ReplaceLineEndings("\n"));

    /// <summary>Adds an item as the newest, and removes an equal one. A changed file is not listed among those read.</summary>
    public void AddOnce(DigestSection section, string item)
    {
        if (section == DigestSection.FilesRead && _items[(int)DigestSection.FilesChanged].Contains(item))
        {
            return;
        }

        if (section == DigestSection.FilesChanged)
        {
            _items[(int)DigestSection.FilesRead].Remove(item);
        }

        _items[(int)section].Remove(item);
        _items[(int)section].Add(item);
    }

    /// <summary>Adds an item as the newest, and counts how often.</summary>
    public void Count(DigestSection section, string item, int times = 1)
    {
        AddOnce(section, item);
        _counts[(section, item)] = _counts.GetValueOrDefault((section, item)) + times;
    }

    public void Replace(DigestSection section, IEnumerable<string> items)
    {
        _items[(int)section].Clear();
        _leftOut[(int)section] = 0;
        _items[(int)section].AddRange(items.Select(item => item.ReplaceLineEndings("\n")));
    }

    /// <summary>
    /// Cuts it down to a budget: each section has its share, and what one does not need the others share. Items go oldest first, and are counted;
    /// an item larger than a third of its share is shortened, and older requests, decisions and figures to their beginning before any of
    /// them goes.
    /// </summary>
    public void Fit(long budgetTokens, ITokenEstimator estimator)
    {
        long room = Math.Max(budgetTokens - HeadingTokens, budgetTokens / 2);
        long[] wanted = [.. _items.Select(items => items.Sum(item => Size(item, estimator)))];
        long[] shares = Share(room, wanted);
        for (int round = 0; round < Rounds && GiveRest(room, wanted, shares, estimator); round++)
        {
        }

        for (int section = 0; section < shares.Length; section++)
        {
            if (wanted[section] > shares[section])
            {
                (IReadOnlyList<string> kept, _) = Kept((DigestSection)section, shares[section], estimator);
                Keep((DigestSection)section, kept);
            }
        }
    }

    /// <summary>
    /// After long items are shortened, gives the room that is left to the sections that have to leave items out. False when hardly
    /// anything is left, or no section needs it.
    /// </summary>
    private bool GiveRest(long room, long[] wanted, long[] shares, ITokenEstimator estimator)
    {
        long rest = room;
        var lacking = new List<int>();
        for (int section = 0; section < shares.Length; section++)
        {
            long used = wanted[section];
            if (wanted[section] > shares[section])
            {
                (IReadOnlyList<string> kept, used) = Kept((DigestSection)section, shares[section], estimator);
                if (kept.Count < _items[section].Count)
                {
                    lacking.Add(section);
                    shares[section] = used;
                }
            }

            rest -= used;
        }

        long percents = lacking.Sum(section => Sections[section].Percent);
        foreach (int section in lacking)
        {
            shares[section] += rest * Sections[section].Percent / percents;
        }

        return rest > room / HardlyAnything && lacking.Count > 0;
    }

    public static DigestText? Parse(string text)
    {
        string[] lines = text.Split('\n');
        if (
            FirstLine().Match(lines[0]) is not { Success: true } first
                || !int.TryParse(first.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int messages))
        {
            return null;
        }

        var digest = new DigestText { Messages = messages };
        int section = -1;
        foreach (string line in lines.Skip(1))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = Array.FindIndex(Sections, known => known.Heading == line[3..]);
            }
            else if (section >= 0 && line.StartsWith("- ", StringComparison.Ordinal))
            {
                digest._items[section].Add(line[2..]);
            }
            else if (section >= 0 && line.StartsWith("  ", StringComparison.Ordinal) && digest._items[section].Count > 0)
            {
                digest._items[section][^1] += "\n" + line[2..];
            }
            else if (section >= 0 && LeftOut().Match(line) is { Success: true } leftOut)
            {
                digest._leftOut[section] = int.Parse(leftOut.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            }
        }

        digest.ReadCounts(DigestSection.Tools);
        digest.ReadCounts(DigestSection.Errors);
        return digest;
    }

    /// <summary>What it names: its sections, and how many items each has.</summary>
    public IEnumerable<OpiDigestSection> Contents() => Enum.GetValues<DigestSection>().Where(section => !IsEmpty(section)).Select(section =>
        new OpiDigestSection(Sections[(int)section].Heading, _items[(int)section].Count, _leftOut[(int)section]));

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Digest of {Messages} {(Messages == 1 ? "message" : "messages")} {Mark}\n");
        foreach (DigestSection section in Enum.GetValues<DigestSection>().Where(section => !IsEmpty(section)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Sections[(int)section].Heading}\n");
            if (_leftOut[(int)section] > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"({_leftOut[(int)section]} left out)\n");
            }

            IEnumerable<string> items = _items[(int)section].Select(item => Written(section, item));
            foreach (string item in IsList(section) ? items.Order(StringComparer.Ordinal) : items)
            {
                text.Append("- ").Append(item.Replace("\n", "\n  ", StringComparison.Ordinal)).Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static bool IsList(DigestSection section) => section is DigestSection.Tools or DigestSection.FilesChanged or DigestSection.FilesRead;

    private string Written(DigestSection section, string item) =>
        _counts.TryGetValue((section, item), out int count) && (count > 1 || section == DigestSection.Tools)
        ? string.Create(CultureInfo.InvariantCulture, $"{item} ({count} {(count == 1 ? "time" : "times")})")
        : item;

    private void ReadCounts(DigestSection section)
    {
        List<string> items = _items[(int)section];
        for (int i = 0; i < items.Count; i++)
        {
            Match match = Times().Match(items[i]);
            int count = match.Success && int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int stated)
                ? stated
                : 1;
            items[i] = match.Success ? match.Groups[1].Value : items[i];
            _counts[(section, items[i])] = count;
        }
    }

    /// <summary>What each section gets of a room: what it needs, or its share of what is left by those that need less.</summary>
    private static long[] Share(long room, long[] wanted)
    {
        long[] shares = new long[wanted.Length];
        List<int> open = [.. Enumerable.Range(0, wanted.Length)];
        for (int before = 0; before != open.Count && open.Count > 0;)
        {
            before = open.Count;
            long percents = open.Sum(section => Sections[section].Percent);
            foreach (int section in open)
            {
                shares[section] = Math.Min(wanted[section], room * Sections[section].Percent / percents);
            }

            List<int> content = open.FindAll(section => shares[section] == wanted[section]);
            room -= content.Sum(section => wanted[section]);
            open.RemoveAll(content.Contains);
        }

        return shares;
    }

    /// <summary>The newest items that fit a share, shortened where they are long or old, and what they take.</summary>
    private (IReadOnlyList<string> Kept, long Used) Kept(DigestSection section, long share, ITokenEstimator estimator)
    {
        List<string> items = _items[(int)section];
        var kept = new List<string>();
        long used = 0;
        for (int i = items.Count - 1; i >= 0; i--)
        {
            string item = section is DigestSection.LaterRequests or DigestSection.Decisions or DigestSection.Figures && used >= share / WholeShare
                ? Beginning(items[i])
                : Shortened(items[i], items.Count == 1 ? share : Math.Max(share / 3, 1), estimator);
            long size = Size(item, estimator);
            if (used + size > share)
            {
                break;
            }

            kept.Add(item);
            used += size;
        }

        kept.Reverse();
        return (kept, used);
    }

    /// <summary>Leaves these of the newest items.</summary>
    private void Keep(DigestSection section, IReadOnlyList<string> kept)
    {
        List<string> items = _items[(int)section];
        int leftOut = items.Count - kept.Count;
        for (int i = 0; i < kept.Count; i++)
        {
            if (_counts.Remove((section, items[leftOut + i]), out int count))
            {
                _counts[(section, kept[i])] = count;
            }
        }

        items.Clear();
        items.AddRange(kept);
        _leftOut[(int)section] += leftOut;
    }

    /// <summary>The first sentence of an item, or of its first line what fits where that is longer.</summary>
    private static string Beginning(string item)
    {
        int end = item.IndexOf('\n', StringComparison.Ordinal);
        end = Math.Min(end < 0 ? item.Length : end, BeginningCharacters);
        int stop = item[..end].IndexOf(". ", StringComparison.Ordinal);
        end = stop >= ShortestBeginning ? stop + 1 : end;
        end -= end > 0 && char.IsHighSurrogate(item[end - 1]) ? 1 : 0;
        return end == item.Length ? item : item[..end] + "...";
    }

    private static string Shortened(string item, long tokens, ITokenEstimator estimator)
    {
        int characters = item.Length;
        string shortened = item;
        for (long size = Size(item, estimator); size > tokens && characters > 0; size = Size(shortened, estimator))
        {
            characters = (int)Math.Min(characters - 1, characters * tokens / size);
            shortened = ConversationText.Shorten(item, characters);
        }

        return shortened;
    }

    /// <summary>The tokens of an item, with its mark and its line break.</summary>
    private static long Size(string item, ITokenEstimator estimator) => estimator.Estimate(new UserMessage(item, 0)) + 2;

    [GeneratedRegex(@"^Digest of (\d+) messages? \[opi-digest/1\]\r?$", RegexOptions.CultureInvariant)]
    private static partial Regex FirstLine();

    [GeneratedRegex(@"^\((\d{1,9}) left out\)$", RegexOptions.CultureInvariant)]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"^(.*) \((\d+) times?\)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Times();
}
