namespace Opi.Tests;

public class StoreTests
{
    [Theory] // 114
    [InlineData("")]
    [InlineData("../etc/passwd")]
    [InlineData("..\\windows\\system32")]
    [InlineData("a/b")]
    [InlineData("a..b")]
    [InlineData("a:b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a*")]
    [InlineData("a?")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData(" a")]
    [InlineData("NUL")]
    [InlineData("com1")]
    [InlineData("con.x")]
    public void What_cannot_be_a_files_name_everywhere_is_not_an_id(string id)
    {
        Assert.Equal(id, Assert.Throws<InvalidSessionIdException>(() => SessionStore.ValidateId(id)).Target);
        Assert.Throws<InvalidSessionIdException>(() => new SessionStore(Path.GetTempPath()).PathOf(id));
    }

    [Theory]
    [InlineData("1985c3a7b2e")]
    [InlineData("1985c3a7b2e-1")]
    [InlineData("018f-abc")]
    [InlineData("console")]
    [InlineData("a.b c")]
    [InlineData("日本")]
    public void Ids_of_every_opi_are_ids(string id) => SessionStore.ValidateId(id);

    [Fact]
    public void An_id_has_at_most_200_characters()
    {
        SessionStore.ValidateId(new string('a', 200));
        Assert.Throws<InvalidSessionIdException>(() => SessionStore.ValidateId(new string('a', 201)));
    }

    [Fact] // 114
    public void An_unknown_id_is_an_error_that_names_the_folder()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<SessionNotFoundException>(() => new SessionStore(folder.Path).PathOf("sess-001"));
        Assert.Equal("sess-001", error.Target);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        string path = folder.Write(Make.Header, "sess-001.jsonl");
        Assert.Equal(path, new SessionStore(folder.Path).PathOf("sess-001"));
    }

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("a\\b", true)]
    [InlineData("a.jsonl", true)]
    [InlineData("a.JSONL", true)]
    [InlineData("a", false)]
    [InlineData("018f-abc", false)]
    public void A_path_is_distinguished_from_an_id(string text, bool path) => Assert.Equal(path, SessionStore.IsPath(text));

    [Fact] // 112
    public void The_files_of_a_folder_come_newest_first_and_without_others()
    {
        using var folder = new TempFolder();
        Assert.Empty(new SessionStore(folder.File("none")).Files());
        Assert.Empty(new SessionStore(folder.Path).Files());
        foreach ((string name, int age) in new[] { ("old", 3), ("new", 1), ("same-b", 2), ("same-a", 2) })
        {
            File.SetLastWriteTimeUtc(folder.Write(Make.Header, name + ".jsonl"), new DateTime(2026, 1, 10 - age, 0, 0, 0, DateTimeKind.Utc));
        }

        folder.Write("x", "notes.txt");
        folder.Write("x", "s.jsonl.lock");
        folder.Write("x", "s.jsonl.torn-20260101T000000000Z");
        folder.Write("x", "s.jsonl2");
        Directory.CreateDirectory(folder.File("inner.jsonl"));
        Assert.Equal(["new.jsonl", "same-b.jsonl", "same-a.jsonl", "old.jsonl"], new SessionStore(folder.Path).Files().Select(file => file.Name));
    }

    [Fact]
    public void The_default_folder_is_the_named_one_or_opis()
    {
        string? before = Environment.GetEnvironmentVariable("OPI_SESSIONS_DIR");
        try
        {
            Environment.SetEnvironmentVariable("OPI_SESSIONS_DIR", "/named");
            Assert.Equal("/named", SessionStore.DefaultFolder());
            Environment.SetEnvironmentVariable("OPI_SESSIONS_DIR", null);
            Assert.EndsWith(Path.Combine("opi", "sessions"), SessionStore.DefaultFolder(), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OPI_SESSIONS_DIR", before);
        }
    }

    [Fact]
    public void What_a_list_shows_of_a_session()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(
            Make.AnswerLine("m1", null, new Usage(1, 1)),
            Make.Line(new MessageEntry("m2", "m1", "t", Make.Assistant("x", new Usage(1, 1), "gpt-4o", "openai"))),
            Make.UserLine("m3", "m2", "about \"label\""),
            "bad line"));
        OpiSessionInfo info = OpiSessionInfo.Read(path);
        Assert.Equal(("s", path, "/repo", null, 1), (info.Id, info.Path, info.WorkingDirectory, info.ParentSession, info.FormatVersion));
        Assert.Equal(new FileInfo(path).Length, info.Length);
        Assert.Equal(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null), info.CreatedAt);
        Assert.Equal(("openai:gpt-4o", null), (info.Model, info.Name));
        Assert.Empty(info.Labels);
        Assert.Throws<InvalidSessionFileException>(() => OpiSessionInfo.Read(folder.Write("x", "corrupt.jsonl")));
        Assert.Throws<SessionNotFoundException>(() => OpiSessionInfo.Read(folder.File("none.jsonl")));
    }

    /// <summary>The end of the file is read in pieces of 64 KiB, 256 KiB and so on.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    public void The_model_is_found_however_far_the_last_answer_is_from_the_end(int distance)
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(Make.UserLine("m0"), Make.AnswerLine("m1", "m0", new Usage(1, 1)), Make.UserLine("m2", "m1", new string('x', distance))));
        Assert.Equal(Make.Sonnet, OpiSessionInfo.Read(path).Model);
    }

    /// <summary>The name is searched for in pieces of 1 MiB.</summary>
    [Fact]
    public void The_name_is_found_across_the_edge_of_a_piece()
    {
        using var folder = new TempFolder();
        string name = Make.Line(new SessionInfoEntry("i", "m", "t", "the name"));
        string before = Make.File(Make.UserLine("m"), Make.UserLine("m2", "m", ""));
        for (int at = 0; at < 24; at++)
        {
            int fill = (1 << 20) - before.Length - at;
            string path = folder.Write(Make.File(Make.UserLine("m"), Make.UserLine("m2", "m", new string('x', fill)), name));
            Assert.Equal("the name", OpiSessionInfo.Read(path).Name);
        }
    }

    [Fact]
    public void An_entry_in_a_list_has_the_beginning_of_its_text()
    {
        SessionEntry entry = new MessageEntry("m", "p", "2026-01-01T00:00:00Z", Make.User(new string('a', 199) + "😀" + "b"));
        OpiEntry shown = OpiEntry.Create("s", entry, onActiveBranch: true);
        Assert.Equal(new string('a', 199) + "...", shown.Text); // never half a character
        Assert.Equal(("s", "m", "p", "user", EntryType.Message, true), (shown.SessionId, shown.Id, shown.ParentId, shown.Role, shown.Type, shown.OnActiveBranch));
        Assert.Equal(new string('a', 200), OpiEntry.Create("s", new SessionInfoEntry("i", null, "T", new string('a', 200)), false).Text);
        Assert.Equal("[bash {}]", OpiEntry.Create("s", new MessageEntry("m", null, "T", Make.Calls("c")), true).Text);
        Assert.Null(OpiEntry.Create("s", new LeafEntry("l", "m", "no time", "m"), false).Timestamp);
    }
}
