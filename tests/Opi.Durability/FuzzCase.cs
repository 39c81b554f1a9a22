using System.Globalization;

namespace Opi.CrashTests;

/// <summary>One mutated file, and all that is asked of it.</summary>
internal sealed class FuzzCase
{
    private static readonly string[] Damage = ["CorruptLine", "InvalidUtf8", "TornTail", "MissingNewline", "InvalidHeader", "ForeignFile", "EmptyFile", "UnsupportedFormatVersion"];

    private readonly FuzzBase _base;
    private readonly byte[] _bytes;
    private readonly string _path;
    private readonly Random _random;
    private readonly Tally _tally;
    private readonly bool _headerIntact;
    private readonly Dictionary<long, string> _untouched = []; // the lines that are entries as they were, and their ids
    private readonly string[] _lines;
    private string _stage = "reading";
    private List<string>? _ids;

    private FuzzCase(FuzzBase source, byte[] bytes, string path, Random random, Tally tally)
    {
        (_base, _bytes, _path, _random, _tally) = (source, bytes, path, random, tally);
        _lines = FuzzBase.Lines(bytes);
        _headerIntact = source.Version > 0 && _lines[0] == source.Header;
        for (int i = 1; i < _lines.Length; i++)
        {
            if (source.EntryIds.TryGetValue(_lines[i], out string? id))
            {
                _untouched[i + 1] = id;
            }
        }
    }

    public static void Run(Tally tally, FuzzMutator mutator, string folder, int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        (FuzzBase source, byte[] bytes, string what) = mutator.Mutate(random);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "session.jsonl");
        File.WriteAllBytes(path, bytes);
        var fuzzCase = new FuzzCase(source, bytes, path, random, tally);
        string name = string.Create(CultureInfo.InvariantCulture, $"--seed {seed} --case {number} ({source.Name}: {what})");
        tally.Faults++;
        Task run = Task.Factory.StartNew(
            () => tally.Try(name, () => fuzzCase.Run()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!HangCheck.Wait(run))
        {
            // The thread is left behind; it may hold files of this folder.
            throw new CheckFailedException($"{name}: {fuzzCase._stage} did not end {HangCheck.Limits}");
        }
    }

    private void Run()
    {
        try
        {
            Read();
            Check();
            List();
            Repair();
            RequireSame();
            Resume();
        }
        catch (Exception error) when (error is not CheckFailedException)
        {
            throw new CheckFailedException($"{_stage}: {error}");
        }
        catch (CheckFailedException error)
        {
            throw new CheckFailedException($"{_stage}: {error.Message}");
        }
    }

    private void Read()
    {
        _stage = "reading";
        try
        {
            using SessionReader reader = SessionReader.Open(_path);
            ReadAll(reader);
            _ids = [.. reader.Entries.Select(entry => entry.Id)];
            if (_headerIntact)
            {
                var lines = reader.Entries.Select(entry => entry.Line).ToHashSet();
                long[] unread = [.. _untouched.Keys.Where(line => !lines.Contains(line))];
                Require.That(unread.Length == 0, $"whole entries were not read: lines {string.Join(", ", unread)}");
            }
        }
        catch (OpiException error)
        {
            Require.That(!_headerIntact || _base.Version == 2, $"the header is whole and the file was refused: {error.Message}");
            _tally.Note(_headerIntact ? "version 2 files that were refused for a damaged line" : "files that were refused for their header");
        }
    }

    private static void ReadAll(SessionReader reader)
    {
        foreach (IndexedEntry entry in reader.Entries)
        {
            _ = OpiEntry.Create(reader.Header.Id, reader.Read(entry), onActiveBranch: true).Text;
        }

        _ = reader.ReadContext().Messages.Sum(message => message.Text.Length);
        _ = reader.ReadBranches().Count();
        _ = reader.Tree.Warnings.Count;
    }

    private void Check()
    {
        _stage = "checking";
        IReadOnlyList<OpiFinding> findings = SessionChecker.Check(_path);
        if (_ids is null)
        {
            Require.That(findings.Any(finding => finding.Severity == FindingSeverity.Error), "a file that is refused has no error");
        }
    }

    private void List()
    {
        _stage = "listing";
        try
        {
            _ = OpiSessionInfo.Read(_path);
        }
        catch (OpiException error)
        {
            Require.That(_ids is null, $"a file that can be read cannot be listed: {error.Message}");
        }
    }

    private void Repair()
    {
        _stage = "repairing";
        string repaired = Path.Combine(Path.GetDirectoryName(_path)!, "repaired.jsonl");
        OpiRepairResult result;
        try
        {
            result = SessionRepair.Repair(_path, repaired);
        }
        catch (OpiException error)
        {
            bool unknownVersion = error is UnsupportedFormatVersionException;
            bool mixed = _base.Version == 1 && _lines.Any(line => line.StartsWith("{\"type\":\"entry\"", StringComparison.Ordinal));
            Require.That(unknownVersion || mixed || _untouched.Count == 0, $"there are whole entries to save, but: {error.Message}");
            Require.That(!_headerIntact, $"the header is whole, but: {error.Message}");
            Require.That(!File.Exists(repaired), "a repair that failed left a file");
            return;
        }

        Require.That(Directory.GetFiles(Path.GetDirectoryName(_path)!, "*.tmp").Length == 0, "a temporary file was left");
        using SessionReader reader = SessionReader.Open(repaired);
        Require.That(reader.Recovery is { CorruptLines: 0, TornTailBytes: 0, MissingNewline: false }, $"the repaired file is damaged: {reader.Recovery}");
        Require.That(reader.Entries.Count == result.EntriesKept, $"{result.EntriesKept} entries were kept and {reader.Entries.Count} are there");
        ReadAll(reader);
        OpiFinding? damage = SessionChecker.Check(repaired).FirstOrDefault(finding => Damage.Contains(finding.Code));
        Require.That(damage is null, $"the repaired file has a finding: {damage?.Code}, {damage?.Message}");

        // Where a line from a file of the other version came first, it decides what the file is, and the others are none of that version.
        var lines = FuzzBase.Lines(SharedText.ReadAllBytes(repaired)).ToHashSet();
        if (reader.Header.Version == _base.Version)
        {
            var ids = reader.Entries.Select(entry => entry.Id).ToHashSet();
            string[] lost = [.. _untouched.Where(line => !ids.Contains(line.Value) && !lines.Contains(_lines[line.Key - 1])).Select(line => line.Value)];
            Require.That(lost.Length == 0, $"whole entries are not in the repaired file: {string.Join(", ", lost)}{(_headerIntact ? "" : $" (the header is damaged, version {_base.Version})")}");
        }

        if (_headerIntact)
        {
            int changed = _untouched.Keys.Count(line => !lines.Contains(_lines[line - 1]));
            Require.That(changed <= result.EntriesRelinked, $"{changed} whole entries were changed, but {result.EntriesRelinked} linked anew");
        }

        _stage = "using the repaired file";
        using OpiSession session = OpiSession.Resume(repaired, new SessionOptions { Durability = Durability.Buffered });
        _ = session.AddTurn(Turn());
    }

    private void RequireSame()
    {
        _stage = "reading, checking and repairing";
        Require.That(SharedText.ReadAllBytes(_path).AsSpan().SequenceEqual(_bytes), "the file was changed");
    }

    private void Resume()
    {
        _stage = "resuming";
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_path)!, "copy")).FullName;
        string path = Path.Combine(folder, "session.jsonl");
        File.WriteAllBytes(path, _bytes);
        OpiTurn turn;
        byte[] opened;
        bool plain = _random.Next(3) > 0;
        try
        {
            using OpiSession session = OpiSession.Resume(path, new SessionOptions());
            Require.That(_ids is not null, "a file that cannot be read was opened for writing");
            _ = session.DescribeFindings().Count;
            opened = SharedText.ReadAllBytes(path);
            Require.That(_bytes.AsSpan().StartsWith(opened) || opened.AsSpan().SequenceEqual([.. _bytes, (byte)'\n']), "opening it changed more than its end");
            if (!plain)
            {
                Change(session);
            }

            if (_random.Next(4) == 0)
            {
                AddStrangeTurn(session, path);
            }

            _stage = "adding a turn";
            turn = session.AddTurn(Turn());
            _tally.Acknowledged++;
            _ = session.ReadContext().Sum(message => message.Text.Length);
        }
        catch (OpiException error)
        {
            Require.That(_ids is null, $"a file that can be read cannot be continued: {error.Message}");
            Require.That(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(_bytes), "a file that cannot be opened for writing was changed");
            return;
        }

        _stage = "reading what was added";
        Require.That(SharedText.ReadAllBytes(path).AsSpan().StartsWith(opened), "adding a turn changed what was there");
        using SessionReader reader = SessionReader.Open(path);
        ReadAll(reader);
        Require.That(reader.Recovery is { TornTailBytes: 0, MissingNewline: false }, "its end is still not mended");
        Require.That(reader.Entries.Select(entry => entry.Id).Take(_ids!.Count).SequenceEqual(_ids), "entries were lost");
        var branch = reader.Tree.ActiveBranch.Select(entry => entry.Id).ToHashSet();
        Require.That(turn.EntryIds.All(branch.Contains), "the turn is not on the active branch");
        Require.That(turn.EntryIds.All(id => reader.Entries.Count(entry => entry.Id == id) == 1), "the turn has an id that was there already");
        if (plain)
        {
            Fork(reader, folder);
        }
    }

    /// <summary>What a program may come to hand over: it is refused, or it is there.</summary>
    private void AddStrangeTurn(OpiSession session, string path)
    {
        _stage = "adding a strange turn";
        long length = new FileInfo(path).Length;
        IReadOnlyList<Message> messages = StrangeContent.Make(_random);
        try
        {
            OpiTurn turn = session.AddTurn(messages);
            _tally.Note("strange turns that were added");
            using SessionReader reader = SessionReader.Open(path);
            var ids = reader.Entries.Where(entry => entry.Offset >= length).Select(entry => entry.Id).ToHashSet();
            Require.That(turn.EntryIds.Count == messages.Count && turn.EntryIds.All(ids.Contains), "a turn that was acknowledged cannot be read");
        }
        catch (OpiException error)
        {
            _tally.Note("strange turns that were refused");
            Require.That(new FileInfo(path).Length == length, $"a turn that was refused is in the file: {error.Message}");
        }
    }

    /// <summary>Something else that changes a session, before the turn.</summary>
    private void Change(OpiSession session)
    {
        switch (_random.Next(3))
        {
            case 0:
                _stage = "compacting";
                _ = session.Compact();
                break;
            case 1:
                _stage = "changing metadata";
                session.Update(new SessionUpdate { Name = "name", AddLabels = ["label"], RemoveLabels = ["x"], Model = "openai:gpt-5" });
                break;
            default:
                _stage = "switching the branch";
                if (_ids!.Count > 0)
                {
                    try
                    {
                        session.SwitchBranch(_ids[_random.Next(_ids.Count)], _random.Next(2) == 0 ? null : "summary");
                    }
                    catch (EntryNotFoundException)
                    {
                        // Not an entry of the conversation.
                    }
                }

                break;
        }
    }

    private void Fork(SessionReader reader, string folder)
    {
        _stage = "forking";
        using SessionReader fork = SessionReader.Open(SessionFork.Create(reader, folder));
        ReadAll(fork);
        Require.That(fork.Recovery is { CorruptLines: 0, TornTailBytes: 0, MissingNewline: false }, $"the fork is damaged: {fork.Recovery}");
        if (!IsInOrder(reader.Tree.ActiveBranch))
        {
            return; // parents that lead in a circle, or forwards: where such a conversation begins is anybody's guess
        }

        string[] context = [.. reader.ReadContext().Messages.Select(message => message.Text)];
        Require.That(fork.ReadContext().Messages.Select(message => message.Text).SequenceEqual(context), $"the fork has another context, of {fork.ReadContext().Messages.Count()} messages where the source has {context.Length}");
    }

    private static bool IsInOrder(IReadOnlyList<IndexedEntry> branch)
    {
        var ids = branch.Select(entry => entry.Id).ToHashSet();
        return (branch[0].ParentId is not { } parent || !ids.Contains(parent)) && branch.Zip(branch.Skip(1)).All(pair => pair.First.Line < pair.Second.Line);
    }

    private static IReadOnlyList<Message> Turn() =>
    [
        new UserMessage("a new prompt", 1),
        new AssistantMessage([new TextContent("a new answer")], "anthropic", "claude-sonnet-4-5", 2) { Usage = new Usage(1, 1) },
    ];
}
