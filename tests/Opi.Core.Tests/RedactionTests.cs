using System.Text.Json;
using System.Text.RegularExpressions;

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
    public void Knows_a_secret_when_it_sees_one(string text) =>
        Assert.Equal("{\"v\":\"[REDACTED]\"}", Redactor.ApplyToText(JsonSerializer.Serialize(new { v = text }), Redaction.Secrets));

    [Theory]
    [InlineData("see https://user:pass@host/x now", "see https://user:[REDACTED]@host/x now")]
    [InlineData("redis://:hunter2@cache:6379/0", "redis://:[REDACTED]@cache:6379/0")]
    [InlineData("https://host/?a=1&api_key=1", "https://host/?a=1&api_key=[REDACTED]")]
    [InlineData("x eyJhbGciOi.eyJzdWIi.c2ln y", "x [REDACTED] y")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE of us", "key [REDACTED] of us")]
    [InlineData("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key = [REDACTED]")]
    [InlineData("Authorization: Bearer abcdef0123456789abcdef", "Authorization: Bearer [REDACTED]")]
    [InlineData("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [REDACTED]")]
    [InlineData("curl -H 'x-api-key: k1a2b3c4d5'", "curl -H 'x-api-key: [REDACTED]'")]
    [InlineData("Server=db;User Id=sa;Password=Hunter2!x;Timeout=5", "Server=db;User Id=sa;Password=[REDACTED];Timeout=5")]
    [InlineData("export DB_PASSWORD=swordfish", "export DB_PASSWORD=[REDACTED]")]
    [InlineData("password: hunter2secret end", "password: [REDACTED] end")]
    [InlineData("{\"db_password\": \"correct horse\"}", "{\"db_password\": \"[REDACTED]\"}")]
    [InlineData("https://a.blob.core.windows.net/c?sv=2024&sig=abcDEF123%2Bxyz456%3D&se=1", "https://a.blob.core.windows.net/c?sv=2024&sig=[REDACTED]&se=1")]
    [InlineData("token glpat-abcdefghij0123456789.", "token [REDACTED]")]
    public void Takes_out_the_secret_and_leaves_the_words_around_it(string text, string expected) =>
        Assert.Equal(expected, Redactor.ExportText(text, ExportRedaction.Verbose));

    [Theory]
    [InlineData("The disk-encryption-configuration step is done.")]
    [InlineData("See the task-management-and-planning page.")]
    [InlineData("Use risk-assessment_framework-2026 now.")]
    [InlineData("Docs: https://example.com/app/intro")]
    [InlineData("GET https://api.example.com/data/v1/users works")]
    [InlineData("The password: must have eight characters")]
    [InlineData("password = getPassword(user)")]
    [InlineData("const token = response.token;")]
    [InlineData("DB_PASSWORD=$DB_PASSWORD")]
    [InlineData("Bearer authentication is used with max_tokens=4096")]
    [InlineData("primary_key: customer_id, sort_key: created")]
    [InlineData("{\"token\": \"string\", \"tokens\": 12}")]
    [InlineData("author: Jane, see src/app/data/reader.cs")]
    public void Leaves_ordinary_words_and_code(string text)
    {
        Assert.Equal(text, Redactor.ExportText(text, ExportRedaction.Verbose));
        Assert.Equal(text, Redactor.ExportText(text, ExportRedaction.Summary));
    }

    [Theory]
    [InlineData("aws_secret_access_key", true)]
    [InlineData("clientSecret", true)]
    [InlineData("db-password", true)]
    [InlineData("connectionString", true)]
    [InlineData("X-Api-Key", true)]
    [InlineData("max_tokens", false)]
    [InlineData("nextPageToken", false)]
    [InlineData("keyboard", false)]
    [InlineData("primary_key", false)]
    public void Knows_the_keys_of_secrets(string key, bool expected) => Assert.Equal(expected, SecretShapes.IsSecretKey(key));

    [Fact]
    public void Of_a_text_with_a_path_of_the_system_only_the_path_goes() =>
        Assert.Equal("Read [REDACTED] first.", Redactor.ExportText("Read /home/me/notes.txt first.", ExportRedaction.Summary));

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

    [Fact]
    public void Finds_what_a_search_of_the_whole_text_finds()
    {
        string[] pieces =
        [
            "sk-", "sk-ant-abcdefghij0123456789abc", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "AKIAIOSFODNN7EXAMPLE", "password", "PassWord", "=", ": ", ":", "\"", "'", " ", "\n",
            "api_key", "x-my-api-key", "ApiKey", "secret_access_key", "private-key", "session_token", "auth-token", "_token", "token", "Bearer ", "Authorization", "basic dXNlcjpwYXNz",
            "hunter2", "abcDEF123+/xyz", "https://user:pass@host/", "postgres://:x1@h", "C:\\x\\y", "c:/x", "\\\\server\\share", "/home/me/a", "/etc/x", "(", ")", ",", ";", "&", "?token=abc", "&key=1",
            "MTIzNDU2Nzg5MDEyMzQ1Njc4.abcdef.abcdefghijklmnopqrstuvwxyzA", "123456789:AAabcdefghijklmnopqrstuvwxyz0123456", "abc8Q~abcdefghijklmnopqrstuvwxyz0123456", "hvb.abcdefghij0123456789", "?sig=abcdefghij0123456789",
            "SharedAccessKey=abcdefghij0123456789abcd==", "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "eyJhbGciOi.eyJzdWIi.c2ln", "key", "keyboard", "connection-string", "credentials", "a", "_", "-", "\u00A0", "é",
            "rk_live_abcdefghij01", "dop_v1_abcdef0123456789abcdef0123456789abcdef01", "discordapp.com/api/webhooks/123/abcdefghijklmnopqrstuvwxyz0123", "gldt-abcdefghij0123456789", "{x}", "$VAR", "process.env.X",
        ];
        for (int seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            string text = string.Concat(Enumerable.Range(0, random.Next(1, seed % 3 == 0 ? 60 : 8)).Select(_ => pieces[random.Next(pieces.Length)]));
            var trace = TextTrace.Of(text);
            foreach (TextShape shape in SecretShapes.All.Concat(TextRedaction.SystemPaths))
            {
                string expected = new Regex(shape.Pattern, shape.Options).Replace(text, match => shape.Redact(match, "#"));
                Assert.Equal(expected, shape.Replace(text, trace, "#"));
            }
        }
    }

    [Fact]
    public void Tries_its_patterns_at_few_places_of_code()
    {
        string code = string.Concat(Enumerable.Repeat("if (value == \"a=b: c\" && key.Length > 2) { return map[key] ?? path + \"/x\"; } // see https://example.com/a\n", 10_000));
        long before = TextShape.Tries;
        Assert.Equal(code, Redactor.ExportText(code, ExportRedaction.Summary));
        Assert.InRange(TextShape.Tries - before, 1, code.Length / 8);
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

        string file = SharedText.ReadAllText(session.Path);
        Assert.DoesNotContain("canary-one", file, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-two", file, StringComparison.Ordinal);
        Assert.Contains("canary-three", file, StringComparison.Ordinal);
        Assert.Contains("\"details\":{\"cwd\":\"[REDACTED]\",\"exit_code\":1}", file, StringComparison.Ordinal);
        Assert.Contains("the text stays", file, StringComparison.Ordinal);
    }
}
