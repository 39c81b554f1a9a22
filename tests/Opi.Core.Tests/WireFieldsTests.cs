using System.Text;

namespace Opi.Tests;

/// <summary>The fields of objects in files: their names come from enums, and what is missing or given twice is named.</summary>
public class WireFieldsTests
{
    private enum Field
    {
        Id,
        CacheWrite1hTokens,
        ToolCallId,
        Url,
        Extra,
    }

    private static readonly WireFields Fields = WireFields.Of([Field.Id, Field.Url], extras: Field.Extra);

    [Fact]
    public void A_field_has_the_name_of_its_member_in_snake_case() =>
        Assert.Equal(
            ["id", "cache_write_1h_tokens", "tool_call_id", "url", "extra"],
            Enumerable.Range(0, 5).Select(field => Encoding.UTF8.GetString(Fields[field])));

    [Theory]
    [InlineData("""{"id":1,"url":2}""", "03")]
    [InlineData("""{"url":1,"nobodys":{"id":1},"id":2}""", "30")]
    [InlineData("""{"\u0069d":1,"url":2,"extra":3,"extra":4}""", "0344")]
    [InlineData("""{"id":1}""", "no 'url'")]
    [InlineData("""{"url":1}""", "no 'id'")]
    [InlineData("""{"id":1,"url":1,"id":2}""", "'id' given twice")]
    public void Fields_are_read_in_any_order(string text, string expected)
    {
        string read = "";
        try
        {
            var json = new JsonCursor(Encoding.UTF8.GetBytes(text));
            var fields = new FieldReader(Fields);
            json.BeginObject();
            while (fields.Next(ref json, out int field))
            {
                json.Skip();
                read += field;
            }

            fields.Require();
        }
        catch (WireException error)
        {
            read = error.Message;
        }

        Assert.Equal(expected, read);
    }

    [Fact]
    public void Fields_that_an_object_cannot_have_are_skipped_as_unknown_ones_are()
    {
        var json = new JsonCursor("""{"id":1,"url":2,"url":3}"""u8);
        var fields = new FieldReader(Fields, WireFields.Bits(Field.Id));
        json.BeginObject();
        Assert.True(fields.Next(ref json, out int field));
        json.Skip();
        Assert.Equal((int)Field.Id, field);
        Assert.False(fields.Next(ref json, out _));
    }

    [Theory]
    [InlineData("""{"type":"url"}""", "no 'url'")]
    [InlineData("""{"type":"base64"}""", "no 'data'")]
    [InlineData("""{"type":"bytes"}""", "no 'data'")]
    [InlineData("""{"type":"url","url":"a","url":"b"}""", "'url' given twice")]
    public void An_image_source_names_the_field_that_is_wrong(string source, string reason)
    {
        string line = """{"type":"message","id":"msg-1","parent_id":null,"timestamp":"2026-01-01T00:00:00Z","message":{"role":"user","content":[{"type":"image","source":"""
            + source + ""","media_type":"image/png"}],"timestamp_ms":1}}""";

        Assert.Equal(reason, Assert.Throws<WireException>(() => EntryWire.Read(Encoding.UTF8.GetBytes(line))).Message);
    }
}
