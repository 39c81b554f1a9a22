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

    /// <summary>Made-up secrets in the forms that issuers document: {A40} stands for 40 letters and digits, {H} for hex, {U} for capitals and digits, {L} for small.</summary>
    [Theory]
    [InlineData("tgp_v1_{A43}")]
    [InlineData("ABSK{A120}")]
    [InlineData("pcsk_{A6}_{A63}")]
    [InlineData("1//0{A60}")]
    [InlineData("{A76}AZDO{A4}")]
    [InlineData("{A52}JQQJ99{A26}")]
    [InlineData("dose{H32}")]
    [InlineData("cfut_{A48}")]
    [InlineData("vcp_{A32}")]
    [InlineData("nfp_{A36}")]
    [InlineData("sbp_{H40}")]
    [InlineData("sb_secret_{A22}_{A8}")]
    [InlineData("AAAA{A7}:APA91b{A134}")]
    [InlineData("pul-{H40}")]
    [InlineData("{A14}.atlasv1.{A67}")]
    [InlineData("pscale_tkn_{A43}")]
    [InlineData("sha256~{A43}")]
    [InlineData("tskey-auth-{A17}-{A32}")]
    [InlineData("dp.pt.{A43}")]
    [InlineData("dp.st.prd.{A43}")]
    [InlineData("ops_eyJ{A250}")]
    [InlineData("glc_eyJ{A90}")]
    [InlineData("NRAK-{U27}")]
    [InlineData("{H36}NRAL")]
    [InlineData("dt0c01.{U24}.{U64}")]
    [InlineData("squ_{H40}")]
    [InlineData("PMAK-{H24}-{H34}")]
    [InlineData("CCIPAT_{A22}_{H40}")]
    [InlineData("AKCp{A69}")]
    [InlineData("cio{A32}")]
    [InlineData("oy2{L43}")]
    [InlineData("API-{U26}")]
    [InlineData("ATBB{A32}")]
    [InlineData("secret_{A43}")]
    [InlineData("{H32}-us14")]
    [InlineData("xkeysib-{H64}-{A16}")]
    [InlineData("sq0csp-{A43}")]
    [InlineData("pat{A14}.{H64}")]
    [InlineData("pat-na1-{H8}-{H4}-{H4}-{H4}-{H12}")]
    [InlineData("sl.{A140}")]
    [InlineData("access-production-{H8}-{H4}-{H4}-{H4}-{H12}")]
    [InlineData("access_token$production${L16}${H32}")]
    [InlineData("sk.eyJ{A60}.{A22}")]
    [InlineData("ghs_123456_eyJ{A40}.eyJ{A60}.{A43}", "ghs_123456_")]
    [InlineData("machine api.example.com login me password {A16}", "machine api.example.com login me password ")]
    [InlineData("curl -u admin:{A14}", "curl -u admin:")]
    [InlineData("ConvertTo-SecureString '{A16}", "ConvertTo-SecureString '")]
    [InlineData("<add key=\"ApiKey\" value=\"{A30}", "<add key=\"ApiKey\" value=\"")]
    [InlineData("{\"auth\": \"{A40}", "{\"auth\": \"")]
    [InlineData("Cookie: session={A40}", "Cookie: ")]
    [InlineData("  token: {A60}", "  token: ")]
    public void Knows_what_further_issuers_give_out(string form, string kept = "")
    {
        string secret = Regex.Replace(form, @"\{([AHUL])(\d+)\}", part => string.Concat(Enumerable.Range(0, int.Parse(part.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture))
            .Select(i => part.Groups[1].Value switch
            {
                "H" => "0a1b2c3d4e5f6789"[i * 7 % 16],
                "U" => "A1B2C3D4E5F6G7H8"[i * 7 % 16],
                "L" => "a1b2c3d4e5f6g7h8"[i * 7 % 16],
                _ => "A1b2C3d4E5f6G7h8"[i * 7 % 16],
            })));

        Assert.Equal($"is {kept}[REDACTED]\nhere", Redactor.ExportText($"is {secret}\nhere", ExportRedaction.Verbose));
    }

    [Theory]
    [InlineData("PWD=/home/me/src and OLDPWD=/tmp, $pwd = C:\\src")]
    [InlineData("{\"next_token\":\"abc123def\",\"sort_key\":\"created_at\",\"primary_key\":\"user_id\"}")]
    [InlineData("keyboard_key=ArrowLeft, partition_key=tenant")]
    [InlineData("\"integrity\": \"sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==\"")]
    [InlineData("commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904, sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("docker run -u 1000:1000, API-First and API-GATEWAY, dp.pt and sl.example, fc-cache -f, pat-test-suite, path/to/patterns.ts")]
    public void Leaves_what_code_and_environments_are_full_of(string text) =>
        Assert.Equal(text, Redactor.ExportText(text, ExportRedaction.Verbose));

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
    [InlineData("a")]
    [InlineData("AZDO")]
    [InlineData("dp.pt.")]
    [InlineData("token=")]
    [InlineData("machine x login ")]
    [InlineData("-u a:")]
    [InlineData("key=\"")]
    [InlineData("cookie: a=")]
    [InlineData("1//0")]
    [InlineData("_eyJ")]
    [InlineData("0a-us")]
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
