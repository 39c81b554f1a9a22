using System.Text;

namespace Opi.Tests;

public class ReaderTests
{
    private static readonly string First = Make.UserLine("msg-1");
    private static readonly string Second = Make.AnswerLine("msg-2", "msg-1", new Usage(1, 2));

    /// <summary>The system would open the file that is named before that character.</summary>
    [UnixFact]
    public void A_name_with_a_null_character_is_no_other_file()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(First)) + "\0.jsonl";

        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(path));
        Assert.Throws<SessionNotFoundException>(() => SessionReader.Open(path));
        Assert.Null(FileIdentity.Of(path));
    }

    [Theory]
    [InlineData("{\"type\":\"message\",\"id\":\"e2", 0, 26)] // 20
    [InlineData("NOT JSON\n", 1, 0)] // 21
    [InlineData("NOT JSON\n{\"type\":", 1, 8)] // 22
    [InlineData("{\"type\":\"message\",\"id\":\"e2\n", 1, 0)] // 24
    [InlineData("{\"id\":\"x\"}\n", 1, 0)] // 30
    [InlineData("\n  \n\t\r\n \f\v\n", 0, 0)] // 32
    [InlineData("{\"x\":1}", 1, 0)] // whole, so it was not torn: it is wrong
    [InlineData("\"text\"\n[]\n5\n", 3, 0)]
    [InlineData("{\"type\":\"leaf\"}\n\n\nx\n", 2, 0)]
    public void Damage_behind_good_lines_is_counted_and_harms_nothing(string tail, int corrupt, long torn)
    {
        using var folder = new TempFolder();
        string good = Make.File(First, Second);
        using SessionReader reader = SessionReader.Open(folder.Write(good + tail));

        Assert.Equal(["msg-1", "msg-2"], reader.Entries.Select(entry => entry.Id));
        Assert.Equal(corrupt, reader.Recovery.CorruptLines);
        Assert.Equal(corrupt, reader.Recovery.Faults.Count);
        Assert.Equal(torn, reader.Recovery.TornTailBytes);
        Assert.Equal(torn > 0 ? Encoding.UTF8.GetByteCount(good + tail) - torn : null, reader.Recovery.TornTailOffset);
        Assert.Equal(0, reader.Recovery.UnknownEntries);
        Assert.Equal(corrupt == 0 && torn == 0, reader.Recovery.IsClean);
        Assert.Equal(reader.Recovery.IsClean, reader.Recovery.ToString().Length == 0);
        Assert.Equal(good.Length + tail.Length, reader.Length);
    }

    [Theory] // 32
    [InlineData("\u3000\u00a0 ")]
    [InlineData("\u0085")]
    [InlineData("\u2003\u2028")]
    public void A_line_of_any_white_space_is_blank(string blank)
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(First, blank, Second)));
        Assert.Equal("", reader.Recovery.ToString());
        Assert.Equal(2, reader.Entries.Count);
    }

    [Fact] // 28, 29
    public void An_unknown_type_is_kept_and_counted_apart_from_corrupt_lines()
    {
        using var folder = new TempFolder();
        string unknown = """{"type":"some_future_entry_type","id":"x-7","parent_id":"msg-1","timestamp":"T","more":[1]}""";
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(First, unknown, "{bad", Second)));

        Assert.Equal((1, 1), (reader.Recovery.UnknownEntries, reader.Recovery.CorruptLines));
        var entry = Assert.IsType<UnknownEntry>(reader.Read(reader.Entries[1]));
        Assert.Equal(("x-7", "msg-1", "some_future_entry_type"), (entry.Id, entry.ParentId, entry.TypeName));
        Assert.Equal(1, entry.Content.GetProperty("more")[0].GetInt32());
        Assert.Equal(["msg-1", "msg-2"], reader.Tree.ActiveBranch.Select(active => active.Id));
    }

    [Theory] // 28: even where the envelope is not of the known form
    [InlineData("""{"type":"new"}""")]
    [InlineData("""{"type":"new","id":5,"parent_id":{},"timestamp":null}""")]
    public void An_unknown_type_need_not_have_the_known_envelope(string line)
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(First, line)));
        Assert.Equal((1, 0), (reader.Recovery.UnknownEntries, reader.Recovery.CorruptLines));
        Assert.Equal("new", Assert.IsType<UnknownEntry>(reader.Read(reader.Entries[1])).TypeName);
    }

    [Fact] // 31
    public void A_known_type_without_its_payload_is_corrupt_not_unknown()
    {
        string[] types = ["message", "compaction", "leaf", "extension_state", "session_info", "model_change", "thinking_level_change", "label", "branch_summary"];
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File([.. types.Select(type => $$"""{"type":"{{type}}"}""")])));
        Assert.Empty(reader.Entries);
        Assert.Equal((9, 0), (reader.Recovery.CorruptLines, reader.Recovery.UnknownEntries));
    }

    [Fact] // 23, decided otherwise by departure 8
    public void A_complete_last_line_without_its_newline_counts()
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(First, Second)[..^1]));
        Assert.Equal(2, reader.Entries.Count);
        Assert.True(reader.Recovery.MissingNewline);
        Assert.True(reader.Recovery.IsClean);
    }

    [Fact] // 33
    public void Lines_may_end_with_CR_LF()
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(First, Second).ReplaceLineEndings("\r\n")));
        Assert.Equal(2, reader.Entries.Count);
        Assert.True(reader.Recovery.IsClean);
        Assert.Equal("ok", reader.ReadMessage(reader.Entries[1]).Text);
    }

    [Theory] // 25, 26, 27 and section 3
    [InlineData("", "empty")]
    [InlineData("\n", "")]
    [InlineData("GARBAGE", "")]
    [InlineData("{\"type\":\"sess", "")]
    [InlineData("{\"type\":\"sess\"}\n", "'sess'")]
    [InlineData("""{"type":"session","version":"1","id":"s","timestamp":"T","cwd":"/"}""", "")]
    [InlineData("""{"type":"session","version":1.0,"id":"s","timestamp":"T","cwd":"/"}""", "")]
    [InlineData("""{"type":"session","id":"s","timestamp":"T","cwd":"/"}""", "'version'")]
    [InlineData("""{"type":"session","version":1,"timestamp":"T","cwd":"/"}""", "'id'")]
    [InlineData("""{"type":"session","version":1,"id":"s","cwd":"/"}""", "'timestamp'")]
    [InlineData("""{"type":"session","version":1,"id":"s","timestamp":"T"}""", "'cwd'")]
    [InlineData("""{"type":"session","version":1,"id":"s","timestamp":"T","cwd":"/","runtime_input_binding":{}}""", "runtime_input_binding")]
    public void A_file_without_a_header_of_version_1_is_refused_and_left_alone(string text, string reason) // 36 too
    {
        using var folder = new TempFolder();
        string path = folder.Write(text);
        var error = Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(path));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Equal((1, path), (error.Line, error.Target));
        Assert.Throws<InvalidSessionFileException>(() => SessionCoordinator.OpenExisting(path, Make.Never));
        Assert.Equal(text, SharedText.ReadAllText(path));
    }

    [Theory]
    [InlineData("""{"cwd":"/","id":"s","new":[{}],"timestamp":"T","version":1,"runtime_input_binding":null,"type":"session"}""", null)]
    [InlineData("\ufeff" + """{"type":"session","version":1,"id":"s","timestamp":"T","cwd":"/","parent_session":"p"}""", "p")]
    public void A_header_may_have_other_keys_and_lack_its_parent(string header, string? parent)
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(header + "\n" + First + "\n"));
        Assert.Equal(("s", "/", parent), (reader.Header.Id, reader.Header.WorkingDirectory, reader.Header.ParentSession));
        Assert.Single(reader.Entries);
        Assert.True(reader.Recovery.IsClean);
    }

    [Fact] // 34, decided otherwise by departure 9
    public void A_header_without_a_newline_is_a_session_without_entries()
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.Header.TrimEnd()));
        Assert.Empty(reader.Entries);
        Assert.True(reader.Recovery.MissingNewline);
        Assert.Null(reader.Tree.ActiveTip);
    }

    [Fact]
    public void A_fault_has_its_line_its_place_and_its_reason()
    {
        using var folder = new TempFolder();
        byte[] file = [.. Encoding.UTF8.GetBytes(Make.File(First)), 0xFF, (byte)'\n', .. Encoding.UTF8.GetBytes("\n{\"type\":\"leaf\",\"id\":\"é\",\"timestamp\":\"T\"}\n" + Second + "\n")];
        using SessionReader reader = SessionReader.Open(folder.Write(file));

        int offset = Encoding.UTF8.GetByteCount(Make.File(First));
        Assert.Equal(
            [(3L, (long)offset, 1L), (5L, offset + 3L, 41L)],
            reader.Recovery.Faults.Select(fault => (fault.Line, fault.Offset, fault.Length)));
        Assert.Equal("not UTF-8 text", reader.Recovery.Faults[0].Reason);
        Assert.NotEmpty(reader.Recovery.Faults[1].Reason);
        Assert.Equal([2L, 6L], reader.Entries.Select(entry => entry.Line));
        Assert.StartsWith("2 corrupt lines skipped (first: line 3, not UTF-8 text)", reader.Recovery.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_beyond_a_hundred_are_counted_only()
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.Header + string.Concat(Enumerable.Repeat("x\n", 250))));
        Assert.Equal(250, reader.Recovery.CorruptLines);
        Assert.Equal(100, reader.Recovery.Faults.Count);
    }

    [Fact]
    public void A_missing_file_or_folder_is_not_found_and_a_folder_is_not_a_session()
    {
        using var folder = new TempFolder();
        Assert.Throws<SessionNotFoundException>(() => SessionReader.Open(folder.File("none.jsonl")));
        Assert.Throws<SessionNotFoundException>(() => SessionReader.Open(Path.Combine(folder.Path, "none", "s.jsonl")));
        Assert.Throws<SessionNotFoundException>(() => SessionCoordinator.OpenExisting(folder.File("none.jsonl"), Make.Never));
        Assert.Empty(Directory.GetFiles(folder.Path)); // no lock file either
        Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(folder.Path));
    }

    [Fact] // 9, 10
    public void Random_texts_come_back_in_order()
    {
        var random = new Random(10);
        for (int count = 0; count <= 20; count++)
        {
            string[] texts = [.. Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, random.Next(21)).Select(_ => RandomCharacter(random))))];
            using var folder = new TempFolder();
            using SessionReader reader = SessionReader.Open(folder.Write(Make.File([.. texts.Select((text, i) => Make.UserLine($"e{i}", null, text))])));
            Assert.Equal(Enumerable.Range(0, count).Select(i => $"e{i}"), reader.Entries.Select(entry => entry.Id));
            Assert.Equal(texts, reader.ReadContext().Messages.Select(message => message.Text));
        }

        static string RandomCharacter(Random random) => random.Next(4) switch
        {
            0 => ((char)random.Next(0x80)).ToString(),
            1 => ((char)random.Next(0x80, 0xD800)).ToString(),
            2 => char.ConvertFromUtf32(random.Next(0x10000, 0x110000)),
            _ => ((char)random.Next('a', 'z')).ToString(),
        };
    }

    [Fact]
    public void A_line_larger_than_every_buffer_is_read_whole()
    {
        using var folder = new TempFolder();
        string large = new('x', 8_000_000);
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(First, Make.UserLine("big", null, large), Second)));
        Assert.Equal(["msg-1", "big", "msg-2"], reader.Entries.Select(entry => entry.Id));
        Assert.Equal(large, reader.ReadMessage(reader.Entries[1]).Text);
        Assert.Equal("ok", reader.ReadMessage(reader.Entries[2]).Text);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_hundred_thousand_lines_are_indexed()
    {
        const int Count = 100_000;
        var text = new StringBuilder(Make.Header);
        for (int i = 1; i <= Count; i++)
        {
            text.Append(i % 2 == 1 ? Make.UserLine($"msg-{i}", i == 1 ? null : $"msg-{i - 1}") : Make.AnswerLine($"msg-{i}", $"msg-{i - 1}", new Usage(1, 2))).Append('\n');
        }

        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(text.ToString()));
        Assert.Equal(Count, reader.Entries.Count);
        Assert.Equal(Count, reader.Tree.ActiveBranch.Count);
        Assert.Equal("msg-100000", reader.Tree.ActiveTip!.Id);
        Assert.Equal(new CumulativeUsage(Count / 2, Count, 0, 0, Count / 2, 0), reader.ReadContext().Usage);
        Assert.Equal("ok", reader.ReadMessage(reader.Entries[^1]).Text);
    }

    [Fact]
    public void Reading_stops_when_it_is_told_to()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File([.. Enumerable.Repeat(First, 1000)]));
        Assert.Throws<OperationCanceledException>(() => SessionReader.Open(path, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void An_entry_that_changed_after_it_was_indexed_is_an_error_that_names_its_line()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(First, Second));
        using SessionReader reader = SessionReader.Open(path);
        File.WriteAllText(path, new string('x', 1000));
        Assert.Equal(3, Assert.Throws<InvalidSessionFileException>(() => reader.Read(reader.Entries[1])).Line);
        File.WriteAllText(path, "");
        Assert.Throws<InvalidSessionFileException>(() => reader.Read(reader.Entries[0]));
    }

    [Fact]
    public void Lines_are_the_same_whatever_the_size_of_the_chunks()
    {
        using var folder = new TempFolder();
        var random = new Random(64);
        for (int round = 0; round < 30; round++)
        {
            byte[] file = new byte[random.Next(400)];
            for (int i = 0; i < file.Length; i++)
            {
                file[i] = random.Next(round % 3 == 0 ? 3 : 60) == 0 ? (byte)'\n' : (byte)random.Next('a', 'z');
            }

            string path = folder.Write(file);
            int from = round % 5 == 0 ? random.Next(file.Length + 1) : 0;
            List<(long, string, bool)> expected = Split(file, from);
            for (int chunk = 1; chunk <= 64; chunk++)
            {
                using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path);
                using var lines = new LineReader(handle, from, chunk);
                var found = new List<(long, string, bool)>();
                while (lines.Next())
                {
                    found.Add((lines.Offset, Encoding.ASCII.GetString(lines.Line), lines.Complete));
                }

                Assert.Equal(expected, found);
                Assert.Equal(file.Length, lines.NextOffset);
            }
        }

        static List<(long, string, bool)> Split(byte[] file, int from)
        {
            var lines = new List<(long, string, bool)>();
            while (from < file.Length)
            {
                int end = Array.IndexOf(file, (byte)'\n', from);
                int stop = end < 0 ? file.Length : end;
                lines.Add((from, Encoding.ASCII.GetString(file[from..stop]), end >= 0));
                from = stop + 1;
            }

            return lines;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_corrupt_line_in_the_middle_loses_only_itself(bool withLeaf)
    {
        using var folder = new TempFolder();
        string[] lines = [First, Second, Make.UserLine("msg-3", "msg-2"), Make.UserLine("msg-4", "msg-3"), Make.UserLine("msg-5", "msg-4")];
        lines[2] = lines[2][..^3];
        lines[3] = "";
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(withLeaf ? [.. lines, Make.LeafLine("leaf-6", "msg-5")] : lines)));

        Assert.Equal(["msg-1", "msg-2", "msg-5"], reader.Tree.ActiveBranch.Select(entry => entry.Id));
        Assert.Equal(withLeaf ? ["ParentMissing"] : [], reader.Tree.Warnings.Select(warning => warning.Code));
    }

    /// <summary>A parent that is not in the file is looked for before the corrupt lines only where there are such lines.</summary>
    [Fact]
    public void A_missing_parent_without_a_corrupt_line_ends_the_branch()
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(First, Second, Make.UserLine("msg-5", "msg-4"), Make.LeafLine("leaf-6", "msg-5"))));
        Assert.Equal(["msg-5"], reader.Tree.ActiveBranch.Select(entry => entry.Id));
        Assert.Equal("ParentMissing", Assert.Single(reader.Tree.Warnings).Code);
    }
}
