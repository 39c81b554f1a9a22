namespace Opi.Tests;

/// <summary>What a list says of a session's turns, and which session was used last.</summary>
public class ActivityTests
{
    private static readonly string[] Days = ["2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z", "2026-01-03T10:00:00Z"];

    [Theory]
    [InlineData("")]
    [InlineData("label")] // then the index is read
    [InlineData("torn")]
    [InlineData("blank")]
    public void A_list_has_turns_first_prompt_and_the_last_turns_time(string what)
    {
        using var folder = new TempFolder();
        string text = Make.File(User("msg-1", 0, "first\nprompt"), Answer("msg-2", 0), User("msg-3", 1, "second"), Answer("msg-4", 2));
        text += what switch
        {
            "label" => Make.Line(new LabelEntry("label-5", "msg-4", "2026-05-05T10:00:00Z", "kept", Removed: false)) + "\n",
            "torn" => User("msg-5", 2, "torn")[..60],
            "blank" => "\n",
            _ => "",
        };
        OpiSessionInfo info = OpiSessionInfo.Read(folder.Write(text));

        Assert.Equal((2, "first\nprompt", DateTimeOffset.Parse(Days[2], System.Globalization.CultureInfo.InvariantCulture), Make.Sonnet), (info.Turns, info.FirstPrompt, info.LastTurnTime, info.Model));
    }

    [Fact]
    public void A_session_without_a_turn_has_none_of_it()
    {
        using var folder = new TempFolder();
        OpiSessionInfo info = OpiSessionInfo.Read(folder.Write(Make.File()));
        Assert.Equal((0, null, null), (info.Turns, info.FirstPrompt, info.LastTurnTime));
    }

    [Fact]
    public void The_session_used_last_is_the_one_with_the_last_message()
    {
        using var folder = new TempFolder();
        string late = folder.Write(Make.File(User("msg-1", 2, "late")), "late.jsonl");
        string label = Make.Line(new LabelEntry("label-2", "msg-1", "2027-01-01T10:00:00Z", "kept", Removed: false));
        string labelled = folder.Write(Make.File(User("msg-1", 0, "old"), label), "labelled.jsonl");
        string damaged = folder.Write(Make.File(User("msg-1", 1, "old"), User("msg-2", 2, "x")[..70]) + "{\"type\":\"mess", "damaged.jsonl");
        string many = folder.Write(Make.File([User("msg-1", 1, new string('x', 200_000)), .. Enumerable.Repeat(label, 3_000)]), "many.jsonl");
        folder.Write(Make.File(), "empty.jsonl");
        folder.Write(Make.File(label), "unused.jsonl");
        folder.Write("no session", "none.jsonl");
        foreach ((string path, int days) in new[] { (late, 0), (labelled, 900), (damaged, 3), (many, 2) })
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(days));
        }

        var failed = new List<string>();
        IReadOnlyList<SessionActivity> found = new SessionStore(folder.Path).ReadActivity(error => failed.Add(Path.GetFileName(error.Target)));

        Assert.Equal([late, damaged, many, labelled], found.Select(session => session.Path));
        Assert.Equal(["none.jsonl"], failed);
    }

    private static string User(string id, int day, string text) => Make.Line(new MessageEntry(id, null, Days[day], Make.User(text)));

    private static string Answer(string id, int day) => Make.Line(new MessageEntry(id, null, Days[day], Make.Assistant("ok", new Usage(1, 1))));
}
