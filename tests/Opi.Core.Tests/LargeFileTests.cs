namespace Opi.Tests;

[Trait("Category", "Slow")]
public sealed class LargeFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_of_200_MB_is_one_line_and_its_neighbours_are_found()
    {
        string path = _folder.File("s.jsonl");
        using (OpiSession session = Make.Session(_folder))
        {
            path = session.Path;
            session.AddTurn([Make.User("before")]);
            session.AddTurn([new UserMessage([new ImageContent(ImageSource.FromBase64(new string('A', 200_000_000)), "image/png")], 0)]);
            session.AddTurn([Make.User("after")]);
        }

        using SessionReader reader = SessionReader.Open(path);
        Assert.Equal(["before", "[image: image/png]", "after"], reader.Entries.Select(entry => reader.ReadMessage(entry).Text));
        Assert.Null(OpiSessionInfo.Read(path).Model);
    }

    [Fact]
    public void A_million_short_lines_are_read()
    {
        string path = _folder.File("s.jsonl");
        using (var file = new StreamWriter(path))
        {
            file.Write(Make.Header);
            for (int i = 1; i <= 1_000_000; i++)
            {
                file.Write($"{{\"type\":\"leaf\",\"id\":\"leaf-{i}\",\"parent_id\":null,\"timestamp\":\"t\",\"entry_id\":\"x\"}}\n");
            }
        }

        using SessionReader reader = SessionReader.Open(path);
        Assert.Equal(1_000_000, reader.Entries.Count);
        Assert.Equal("LeafTargetMissing", Assert.Single(reader.Tree.Warnings).Code);
    }
}
