using System.Globalization;
using System.Text;

namespace Opi.Tests;

public class RepeatedTextsTests
{
    private readonly RepeatedTexts _texts = new();

    [Fact]
    public void The_same_bytes_are_the_same_text()
    {
        Assert.Same(Read("\"/home/dev/shop\""), Read("\"/home/dev/shop\""));
        Assert.NotSame(Read("\"" + new string('x', 300) + "\""), Read("\"" + new string('x', 300) + "\"")); // long ones are not held
    }

    [Fact]
    public void More_texts_than_it_holds_are_read_right()
    {
        foreach (int i in Enumerable.Range(0, 5_000).Concat(Enumerable.Range(0, 5_000)))
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"session-{i}");
            Assert.Equal(text, Read($"\"{text}\""));
        }
    }

    [Fact]
    public void Escapes_are_read()
    {
        Assert.Equal("é\n", Read("""
            "\u00e9\n"
            """));
        Assert.Equal("", Read("\"\""));
    }

    private string Read(string json)
    {
        var cursor = new JsonCursor(Encoding.UTF8.GetBytes(json.Trim()));
        return _texts.Read(cursor.ReadString());
    }
}
