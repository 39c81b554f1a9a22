using System.Text;

namespace Opi.Tests;

public sealed class IntegrityTests : IDisposable
{
    private const string Unknown = """{"type":"from_the_future","id":"f-1","parent_id":null,"x":[1, 2 ,3]}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_session_has_no_findings() =>
        Assert.Empty(Check(Make.UserLine("msg-1"), Make.AnswerLine("msg-2", "msg-1", new Usage(1, 1))));

    public static TheoryData<string, string[], string, FindingSeverity, int> Faults => new()
    {
        { "corrupt line", [Make.UserLine("msg-1"), "{nonsense"], "CorruptLine", FindingSeverity.Error, 3 },
        { "unknown type", [Unknown], "UnknownType", FindingSeverity.Information, 2 },
        { "duplicate id", [Make.UserLine("msg-1"), Make.UserLine("msg-1")], "DuplicateId", FindingSeverity.Error, 3 },
        { "missing parent", [Make.UserLine("msg-1", "ghost")], "MissingParent", FindingSeverity.Error, 2 },
        { "cycle", [Make.UserLine("a", "b"), Make.UserLine("b", "a")], "Cycle", FindingSeverity.Error, 2 },
        { "leaf to nothing", [Make.UserLine("msg-1"), Make.LeafLine("leaf-2", "ghost")], "LeafTargetMissing", FindingSeverity.Warning, 3 },
        { "pin naming nothing", [Make.UserLine("msg-1"), Make.Line(new PinEntry("pin-2", "msg-1", "t", ["msg-1", "ghost"], Removed: false))], "PinTargetMissing", FindingSeverity.Warning, 3 },
        { "clearing naming nothing", [Make.UserLine("msg-1"), Make.Line(new ToolResultsClearedEntry("clear-2", "msg-1", "t", ["ghost"]))], "ClearingTargetMissing", FindingSeverity.Warning, 3 },
        { "compaction naming nothing", [Make.CompactionLine("cmp-1", null, "ghost")], "CompactionTargetMissing", FindingSeverity.Warning, 2 },
        { "prompt without answer", [Make.UserLine("msg-1")], "PromptWithoutAnswer", FindingSeverity.Information, 2 },
        { "call without result", [Make.Line(new MessageEntry("msg-1", null, "t", Make.Calls("c1")))], "ToolCallWithoutResult", FindingSeverity.Warning, 2 },
        { "result without call", [Make.Line(new MessageEntry("msg-1", null, "t", Make.Result("c1")))], "ToolResultWithoutCall", FindingSeverity.Warning, 2 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Finds(string what, string[] lines, string code, FindingSeverity severity, int line)
    {
        OpiFinding finding = Assert.Single(Check(lines), finding => finding.Code == code);
        Assert.True(severity == finding.Severity && line == finding.Line, what);
        Assert.Equal(Encoding.UTF8.GetByteCount(Make.File(lines[..(line - 2)])), finding.Offset);
    }

    [Fact]
    public void Finds_a_torn_tail_a_missing_line_end_and_text_that_is_not_utf8()
    {
        string text = Make.File(Make.UserLine("msg-1"));
        Assert.Contains(SessionChecker.Check(_folder.Write(text + "{\"type\":\"mess")), finding => finding is { Code: "TornTail", Line: 3 } && finding.Offset == text.Length);
        Assert.Contains(SessionChecker.Check(_folder.Write(text.TrimEnd('\n'))), finding => finding.Code == "MissingNewline");
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bytes[^20] = 0xFF;
        Assert.Contains(SessionChecker.Check(_folder.Write(bytes)), finding => finding is { Code: "InvalidUtf8", Line: 2 });
    }

    [Theory]
    [InlineData("", "EmptyFile")]
    [InlineData("hello\n", "ForeignFile")]
    [InlineData("{\"type\":\"other\"}\n", "ForeignFile")]
    [InlineData("{\"type\":\"session\",\"version\":1}\n", "InvalidHeader")]
    [InlineData("{\"type\":\"leaf\",\"id\":\"leaf-1\",\"parent_id\":null,\"timestamp\":\"t\",\"entry_id\":\"m\"}\n", "MissingHeader")]
    [InlineData("{\"type\":\"session\",\"version\":9,\"id\":\"s\",\"timestamp\":\"t\",\"cwd\":\"/\"}\n", "UnsupportedFormatVersion")]
    public void Finds_what_is_not_a_session(string text, string code) =>
        Assert.Equal(code, Assert.Single(SessionChecker.Check(_folder.Write(text))).Code);

    [Fact]
    public void Repair_keeps_whole_lines_as_they_are_and_parts_what_is_glued()
    {
        string glued = Make.UserLine("msg-3", "msg-2") + Make.AnswerLine("msg-4", "msg-3", new Usage(1, 1));
        string withNuls = "\0\0\0" + Make.UserLine("msg-5", "msg-4");
        string lost = Make.AnswerLine("msg-6", "msg-5", new Usage(1, 1))[..^9];
        string orphan = Make.UserLine("msg-7", "msg-6");
        string source = _folder.Write(Make.File(Unknown, Make.UserLine("msg-1"), Make.AnswerLine("msg-2", "msg-1", new Usage(1, 1)), glued, withNuls, lost, orphan) + "{\"torn");
        byte[] before = SharedText.ReadAllBytes(source);

        OpiRepairResult result = SessionRepair.Repair(source, _folder.File("new.jsonl"));

        Assert.Equal(before, SharedText.ReadAllBytes(source));
        string[] lines = SharedText.ReadAllLines(result.Path);
        Assert.Equal(
            [Make.Header.TrimEnd(), Unknown, Make.UserLine("msg-1"), Make.AnswerLine("msg-2", "msg-1", new Usage(1, 1)), Make.UserLine("msg-3", "msg-2"), Make.AnswerLine("msg-4", "msg-3", new Usage(1, 1)), Make.UserLine("msg-5", "msg-4"), Make.UserLine("msg-7", "msg-5")],
            lines);
        Assert.Equal((7, 1, false), (result.EntriesKept, result.EntriesRelinked, result.HeaderRebuilt));
        Assert.Equal([7L, 9L], result.LeftOut.Select(fault => fault.Line));
        Assert.DoesNotContain(SessionChecker.Check(result.Path), finding => finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public void Repair_makes_a_header_anew_when_it_is_lost()
    {
        string source = _folder.Write("garbage\n" + Make.UserLine("msg-1") + "\n", "lost.jsonl");
        OpiRepairResult result = SessionRepair.Repair(source, _folder.File("new.jsonl"));
        Assert.Equal((true, 1, "lost"), (result.HeaderRebuilt, result.EntriesKept, result.SessionId));
        using SessionReader reader = SessionReader.Open(result.Path);
        Assert.Equal("hi", reader.ReadMessage(Assert.Single(reader.Entries)).Text);
    }

    [UnixFact]
    public void Repair_names_the_destination_where_the_system_cannot_say_what_that_is()
    {
        string loop = _folder.File("loop");
        File.CreateSymbolicLink(loop, loop);

        var error = Assert.Throws<FileNotAccessibleException>(() => SessionRepair.Repair(_folder.Write(Make.File(Make.UserLine("msg-1"))), loop));

        Assert.Equal(loop, error.Target);
    }

    [Fact]
    public void Repair_refuses_to_replace_a_file_and_what_has_nothing_to_save()
    {
        string source = _folder.Write(Make.File(Make.UserLine("msg-1")));
        string other = _folder.Write("keep me", "other.jsonl");
        Assert.Throws<SessionWriteException>(() => SessionRepair.Repair(source, other));
        Assert.Equal("keep me", SharedText.ReadAllText(other));
        Assert.Equal(1, SessionRepair.Repair(source, other, replace: true).EntriesKept);
        Assert.Throws<InvalidSessionFileException>(() => SessionRepair.Repair(_folder.Write("nothing here", "x.jsonl"), _folder.File("y.jsonl")));
        Assert.False(File.Exists(_folder.File("y.jsonl")));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("\\udc00")]
    [InlineData("\u00ff")] // a byte that is not UTF-8, as Latin-1 writes it
    public void Repair_saves_a_message_with_one_bad_character(string bad)
    {
        string line = Make.UserLine("msg-2", "msg-1");
        int at = line.IndexOf("\"text\":\"", StringComparison.Ordinal) + "\"text\":\"".Length;
        string text = Make.File(Make.UserLine("msg-1"), line.Insert(at, "BAD"), Make.UserLine("msg-3", "msg-2"));
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text[..text.IndexOf("BAD", StringComparison.Ordinal)]), .. Encoding.Latin1.GetBytes(bad),
            .. Encoding.UTF8.GetBytes(text[(text.IndexOf("BAD", StringComparison.Ordinal) + 3)..])];

        OpiRepairResult result = SessionRepair.Repair(_folder.Write(bytes), _folder.File("new.jsonl"));

        Assert.Equal((3, 1, 0, 0), (result.EntriesKept, result.EntriesMended, result.EntriesRelinked, result.LeftOut.Count));
        using SessionReader reader = SessionReader.Open(result.Path);
        Assert.Contains(reader.ReadContext().Messages, message => message.Text.StartsWith('\uFFFD'));
    }

    [Fact]
    public void Repair_reports_half_a_line_that_a_whole_entry_is_glued_to()
    {
        string half = Make.AnswerLine("msg-2", "msg-1", new Usage(1, 1))[..60];
        string source = _folder.Write(Make.File(Make.UserLine("msg-1"), half + Make.UserLine("msg-3", "msg-2")));
        OpiRepairResult result = SessionRepair.Repair(source, _folder.File("new.jsonl"));
        LineFault lost = Assert.Single(result.LeftOut);
        Assert.Equal((3L, 60L), (lost.Line, lost.Length));
        Assert.Equal(1, result.EntriesRelinked);
        using SessionReader reader = SessionReader.Open(result.Path);
        Assert.Equal(["msg-1", "msg-3"], reader.Tree.ActiveBranch.Select(entry => entry.Id));
        Assert.Equal("msg-1", reader.Entries[1].ParentId);
    }

    [Fact]
    public void Repair_never_writes_to_its_source_nor_to_an_open_session()
    {
        string source = _folder.Write(Make.File(Make.UserLine("msg-1")));
        Assert.Throws<SessionWriteException>(() => SessionRepair.Repair(source, source, replace: true));
        if (OperatingSystem.IsWindows())
        {
            Assert.Throws<SessionWriteException>(() => SessionRepair.Repair(source, source.ToUpperInvariant(), replace: true));
        }
        else
        {
            File.CreateSymbolicLink(_folder.File("link.jsonl"), source); // a right that users of Windows lack
            Assert.Throws<SessionWriteException>(() => SessionRepair.Repair(_folder.File("link.jsonl"), source, replace: true));
        }

        using OpiSession open = Make.Session(_folder);
        Assert.Throws<SessionLockedException>(() => SessionRepair.Repair(source, open.Path, replace: true));
    }

    [Fact]
    public void Repair_of_a_version_2_file_without_its_header_stays_in_version_2()
    {
        string path;
        using (OpiSession session = OpiSession.Create(_folder.Path, Make.Options() with { FormatVersion = 2 }))
        {
            session.AddTurn([Make.User("q"), Make.Assistant("a")]);
            path = session.Path;
        }

        File.WriteAllText(path, "x" + SharedText.ReadAllText(path));
        OpiRepairResult result = SessionRepair.Repair(path, _folder.File("new.jsonl"));
        using SessionReader reader = SessionReader.Open(result.Path);
        Assert.Equal((2, true), (reader.Header.Version, result.HeaderRebuilt));
        Assert.Equal(["q", "a"], reader.ReadContext().Messages.Select(message => message.Text));
    }

    [Fact]
    public void Repair_saves_the_whole_lines_of_a_refused_version_2_file()
    {
        using (OpiSession session = OpiSession.Create(_folder.Path, Make.Options() with { FormatVersion = 2 }))
        {
            session.AddTurn([Make.User("q"), Make.Assistant("a")]);
        }

        string source = Directory.GetFiles(_folder.Path, "*.jsonl").Single();
        File.AppendAllText(source, "{broken}\n");
        Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(source));
        OpiRepairResult result = SessionRepair.Repair(source, _folder.File("new.jsonl"));
        using SessionReader reader = SessionReader.Open(result.Path);
        Assert.Equal(["q", "a"], reader.ReadContext().Messages.Select(message => message.Text));
    }

    // 115
    [Fact]
    public void Delete_takes_the_session_with_what_belongs_to_it_and_nothing_else()
    {
        string id;
        using (OpiSession session = Make.Session(_folder))
        {
            id = session.Id;
            Assert.Throws<SessionLockedException>(() => SessionStore.Delete(session.Path));
        }

        string path = _folder.File(id + ".jsonl");
        File.WriteAllText(path + ".torn-1", "x");
        string other = _folder.Write(Make.File(), "other.jsonl");
        SessionStore.Delete(path);
        Assert.Equal([other], Directory.GetFiles(_folder.Path));
        Assert.Throws<SessionNotFoundException>(() => SessionStore.Delete(path));
        Assert.Throws<InvalidSessionFileException>(() => SessionStore.Delete(_folder.Write("not a session", "foreign.jsonl")));
        Assert.True(File.Exists(_folder.File("foreign.jsonl")));
    }

    [Fact]
    public void Deleting_many_sessions_enumerates_their_folder_once_and_leaves_none_of_their_ends()
    {
        string[] paths = [.. Enumerable.Range(0, 40).Select(i => _folder.Write(Make.File(), $"s{i}.jsonl"))];
        foreach (string path in paths)
        {
            File.WriteAllText(path + ".torn-1", "x");
            File.WriteAllText(path + ".torn-2", "x");
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        }

        string other = _folder.Write(Make.File(), "s1.jsonl.torn-1.jsonl"); // a session of an odd name, which goes with the one it seems to belong to
        var tails = new SavedTails();
        foreach (string path in paths)
        {
            SessionStore.Delete(path, withoutLocks: false, tails);
        }

        Assert.Equal(1, tails.Enumerations);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.False(File.Exists(other));
    }

    [Fact]
    public void An_end_that_was_saved_after_the_folder_was_enumerated_goes_with_its_session()
    {
        string first = _folder.Write(Make.File(), "first.jsonl");
        string second = _folder.Write(Make.File(Make.UserLine("m1")) + "{\"type\":\"mess", "second.jsonl");
        var tails = new SavedTails();
        SessionStore.Delete(first, withoutLocks: false, tails);
        OpiSession.Resume(second, Make.Options()).Dispose();
        Assert.Single(Directory.GetFiles(_folder.Path, "second.jsonl.torn-*"));

        SessionStore.Delete(second, withoutLocks: false, tails);

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private IReadOnlyList<OpiFinding> Check(params string[] lines) => SessionChecker.Check(_folder.Write(Make.File(lines)));
}
