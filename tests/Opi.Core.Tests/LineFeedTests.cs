using System.Text.Json;

namespace Opi.Tests;

public sealed class LineFeedTests
{
    [Fact]
    public void Line_ends_of_indented_JSON_are_LF_and_texts_keep_what_they_have()
    {
        using var bytes = new MemoryStream();
        using (var lines = new LineFeedStream(bytes))
        using (var writer = new Utf8JsonWriter(lines, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("a", "x\r\ny");
            writer.WriteNumber("b", 1);
            writer.WriteEndObject();
            writer.Flush();
            lines.Write("\r\n\r"u8);
        }

        Assert.Equal("{\n  \"a\": \"x\\r\\ny\",\n  \"b\": 1\n}\n", System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
