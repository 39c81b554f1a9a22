using System.Text.Json;

namespace Opi.Tests;

public sealed class RedactionTests
{
    [Theory]
    [InlineData(Redaction.Secrets, """{"z":1,"password":"x","Authorization":{"a":1},"a":"fine"}""", """{"Authorization":"[REDACTED]","a":"fine","password":"[REDACTED]","z":1}""")]
    [InlineData(Redaction.Secrets, """{"command":"ls /home/me","path":"a"}""", """{"command":"ls /home/me","path":"a"}""")]
    [InlineData(Redaction.Strict, """{"command":"ls","PATH":7,"exit_code":1}""", """{"PATH":"[REDACTED]","command":"[REDACTED]","exit_code":1}""")]
    [InlineData(Redaction.Strict, """["in /home/me/x","at C:\\x","\\\\server","plain/relative","a:b"]""", """["[REDACTED]","[REDACTED]","[REDACTED]","plain/relative","a:b"]""")]
    [InlineData(Redaction.Secrets, "not json", "\"[REDACTED]\"")]
    public void Redacts_by_keys_and_by_what_values_look_like(Redaction mode, string json, string expected) =>
        Assert.Equal(expected, Redactor.ApplyToText(json, mode));

    [Theory]
    [InlineData("sk-ant-abcdefghij0123456789")]
    [InlineData("sk-abcdefghij0123456789")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("AIzaabcdefghijklmnopqrstuvwxyz012345678")]
    [InlineData("https://user:pass@host/x")]
    [InlineData("https://host/?a=1&api_key=1")]
    [InlineData("x eyJhbGciOi.eyJzdWIi.c2ln y")]
    public void Knows_a_secret_when_it_sees_one(string text) =>
        Assert.Equal("{\"v\":\"[REDACTED]\"}", Redactor.ApplyToText(JsonSerializer.Serialize(new { v = text }), Redaction.Secrets));

    [Theory]
    [InlineData("sk-short")]
    [InlineData("https://host/path")]
    [InlineData("a token of thanks")]
    public void Leaves_what_only_resembles_one(string text) =>
        Assert.Contains(text, Redactor.ApplyToText(JsonSerializer.Serialize(new { v = text }), Redaction.Secrets), StringComparison.Ordinal);

    [Theory]
    [InlineData("eyJ")]
    [InlineData("a://b:")]
    [InlineData("sk-")]
    [InlineData("sk-\n")]
    [InlineData("ghp_")]
    [InlineData("?token=")]
    [InlineData("c:x")]
    public void Takes_no_longer_for_a_text_that_was_made_to_be_slow(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 1_000_000)); // in quadratic time this would be hours
        Assert.InRange(Redactor.ExportText(text, ExportRedaction.Verbose).Length, 1, text.Length);
    }

    // 77, 78
    [Fact]
    public void What_is_taken_out_never_reaches_the_file_and_texts_stay()
    {
        using var folder = new TempFolder();
        using OpiSession session = OpiSession.Create(folder.Path, Make.Options() with { Redaction = Redaction.Strict });
        AssistantMessage call = Make.Calls("c1") with { Content = [new ToolCallContent("c1", "bash", """{"command":"canary-one"}""")] };
        ToolResultMessage result = Make.Result("c1", "the text stays") with { Details = JsonDocument.Parse("""{"cwd":"canary-two","exit_code":1}""").RootElement };
        session.AddTurn([Make.User("canary-three"), call, result]);

        string file = File.ReadAllText(session.Path);
        Assert.DoesNotContain("canary-one", file, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-two", file, StringComparison.Ordinal);
        Assert.Contains("canary-three", file, StringComparison.Ordinal);
        Assert.Contains("\"details\":{\"cwd\":\"[REDACTED]\",\"exit_code\":1}", file, StringComparison.Ordinal);
        Assert.Contains("the text stays", file, StringComparison.Ordinal);
    }
}
