using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Opi.Tests;

public sealed partial class SessionExportTests : IDisposable
{
    private const string Key = "sk-ant-abcdefghij0123456789";
    private const string Hostile = "<script>alert('canary')</script><img src=x onerror=\"alert(1)\">\n# a heading\n\n## User\n\n````\n</textarea></div></section>\n<!-- & ]]> \u001b[31m";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 119
    [Theory]
    [InlineData(ExportFormat.Markdown)]
    [InlineData(ExportFormat.Json)]
    [InlineData(ExportFormat.Html)]
    public void Secrets_and_paths_are_taken_out_by_default_and_the_source_stays(ExportFormat format)
    {
        string source = Session(Make.User($"a key {Key} here"), Make.Assistant("see /home/me/file"), Call("""{"file":"x","command":"canary"}"""), Make.Result("c", "fine"));
        byte[] before = File.ReadAllBytes(source);

        string text = Export(source, new SessionExportOptions { Format = format });

        Assert.All([Key, "/home/me", "canary"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Contains("[REDACTED]", text, StringComparison.Ordinal);
        Assert.Contains("fine", text, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(source));
    }

    // 119
    [Fact]
    public void Verbose_takes_out_of_a_text_only_the_secret_and_None_nothing()
    {
        string source = Session(Make.User($"key {Key} in /home/me and https://host/?token=canary#x"), Call("""{"path":"canary"}"""));

        string verbose = Export(source, new SessionExportOptions { Redact = ExportRedaction.Verbose });
        Assert.Contains("key [REDACTED] in /home/me and https://host/?token=[REDACTED]#x", verbose, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", verbose, StringComparison.Ordinal);
        Assert.Contains(Key, Export(source, new SessionExportOptions { Redact = ExportRedaction.None }), StringComparison.Ordinal);
    }

    // 120
    [Theory]
    [InlineData(ExportFormat.Markdown)]
    [InlineData(ExportFormat.Json)]
    [InlineData(ExportFormat.Html)]
    public void Two_exports_are_equal(ExportFormat format)
    {
        string source = Session(Make.User("question"), Make.Assistant("answer"));
        var options = new SessionExportOptions { Format = format };
        Assert.Equal(Export(source, options), Export(source, options));
    }

    // 120
    [Fact]
    public void Json_is_an_object_of_messages_and_session()
    {
        AssistantMessage answer = new([new ThinkingContent("hm"), new TextContent("yes"), new ToolCallContent("c", "bash", """{"b":1,"a":2}""")], "anthropic", "claude-sonnet-4", 1);
        string source = Session(Make.User("question"), answer, Make.Result("c", "out") with { IsError = true });

        using var json = JsonDocument.Parse(Export(source, new SessionExportOptions { Format = ExportFormat.Json }));
        JsonElement root = json.RootElement;

        Assert.Equal(["messages", "session"], Names(root));
        Assert.Equal(["cwd", "id", "parent_session", "timestamp"], Names(root.GetProperty("session")));
        JsonElement[] messages = [.. root.GetProperty("messages").EnumerateArray()];
        Assert.Equal(["user", "assistant", "tool_result"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(["content", "role"], Names(messages[0]));
        Assert.Equal(["content", "model", "provider", "role"], Names(messages[1]));
        Assert.Equal(["thinking", "text", "tool_call"], messages[1].GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString()));
        Assert.Equal(["content", "is_error", "role", "tool_call_id", "tool_name"], Names(messages[2]));
        Assert.True(messages[2].GetProperty("is_error").GetBoolean());

        static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
    }

    [Fact]
    public void Markdown_has_a_section_for_each_message()
    {
        AssistantMessage answer = new([new ThinkingContent("hm"), new TextContent("One.\n\nTwo."), new ToolCallContent("call_1", "bash", """{"b":1,"a":2}""")], "anthropic", "claude-sonnet-4", 1);
        string source = Session(Make.User("question"), answer, Make.Result("call_1", "a_b"));

        Assert.Equal(
            """
            # Session s

            - timestamp: 2026-01-01T00:00:00Z
            - cwd: /repo

            ## User

            question

            ## Assistant

            > thinking: hm

            One.

            Two.

            *tool call: bash (call\_1)*

            ```json
            {"b":1,"a":2}
            ```

            ## Tool: bash

            ```
            a_b
            ```

            """.ReplaceLineEndings("\n"),
            Export(source, new SessionExportOptions { Redact = ExportRedaction.None }));
    }

    // 121
    [Fact]
    public void A_branch_that_was_left_is_only_in_the_full_tree()
    {
        string source = _folder.Write(Make.File(
            Make.UserLine("m1"), Make.UserLine("m2", "m1", "sibling canary"), Make.UserLine("m3", "m1", "goes on"), Make.LeafLine("l", "m3")));

        Assert.DoesNotContain("sibling canary", Export(source), StringComparison.Ordinal);
        Assert.Contains("goes on", Export(source), StringComparison.Ordinal);
        Assert.Contains("sibling canary", Export(source, new SessionExportOptions { FullTree = true }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExportFormat.Markdown)]
    [InlineData(ExportFormat.Json)]
    [InlineData(ExportFormat.Html)]
    public void A_summary_stands_in_the_place_of_what_was_compacted_but_not_in_the_full_tree(ExportFormat format)
    {
        string source = _folder.Write(Make.File(
            Make.UserLine("m1", null, "the start"), Make.UserLine("m2", "m1", "this stays"), Make.CompactionLine("c", "m2", "m2", "in short"), Make.UserLine("m3", "c", "the end")));

        string active = Export(source, new SessionExportOptions { Format = format });
        Assert.DoesNotContain("the start", active, StringComparison.Ordinal);
        AssertOrder(active, "in short", "this stays", "the end");
        string full = Export(source, new SessionExportOptions { Format = format, FullTree = true });
        Assert.DoesNotContain("in short", full, StringComparison.Ordinal);
        AssertOrder(full, "the start", "this stays", "the end");

        static void AssertOrder(string text, params string[] parts) => // the last time: a page has prompts in its table of turns too
            Assert.Equal(parts, parts.OrderBy(part => text.LastIndexOf(part, StringComparison.Ordinal) is >= 0 and int at ? at : throw new InvalidOperationException($"{part} is missing")));
    }

    // 122
    [Theory]
    [InlineData(ExportFormat.Markdown)]
    [InlineData(ExportFormat.Json)]
    [InlineData(ExportFormat.Html)]
    public void Tool_output_and_thinking_can_be_left_out(ExportFormat format)
    {
        AssistantMessage answer = new([new ThinkingContent("thought canary"), new TextContent("spoken")], "anthropic", "claude-sonnet-4", 1);
        string source = Session(Make.User("question"), answer, Make.Calls("c"), Make.Result("c", "output canary"));

        string whole = Export(source, new SessionExportOptions { Format = format });
        Assert.Contains("thought canary", whole, StringComparison.Ordinal);
        Assert.Contains("output canary", whole, StringComparison.Ordinal);
        string part = Export(source, new SessionExportOptions { Format = format, ExcludeThinking = true, ExcludeToolOutput = true });
        Assert.DoesNotContain("canary", part, StringComparison.Ordinal);
        Assert.Contains("spoken", part, StringComparison.Ordinal);
    }

    // 123
    [Fact]
    public void A_missing_folder_is_an_error_that_leaves_nothing()
    {
        string source = Session(Make.User("question"));
        byte[] before = File.ReadAllBytes(source);
        var error = Assert.Throws<ExportFailedException>(() => Write(source, _folder.File("nope/x.md")));
        Assert.Contains("there is no folder", error.Message, StringComparison.Ordinal);
        Assert.Equal([source], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(before, File.ReadAllBytes(source));
    }

    [Fact]
    public void Files_are_replaced_as_asked_but_a_session_never()
    {
        string source = Session(Make.User("question"));
        string target = _folder.File("x.md");
        Write(source, target);
        AssertMode.OwnerOnly(target);
        File.WriteAllText(target, "old");
        Assert.Throws<ExportFailedException>(() => Write(source, target, new SessionExportOptions { Overwrite = Overwrite.Never }));
        Assert.Equal("old", File.ReadAllText(target));
        File.SetAttributes(target, FileAttributes.ReadOnly);
        Assert.Throws<ExportFailedException>(() => Write(source, target));
        Write(source, target, new SessionExportOptions { Overwrite = Overwrite.ReadOnly });
        Assert.Contains("question", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Throws<ExportFailedException>(() => Write(source, source, new SessionExportOptions { Overwrite = Overwrite.ReadOnly }));
        Assert.Throws<ExportFailedException>(() => Write(source, _folder.Path));
        Assert.Equal([source, target], Directory.GetFiles(_folder.Path).Order());
    }

    [Fact]
    public void A_stopped_export_leaves_no_file()
    {
        string source = Session(Make.User("one"), Make.Assistant("two"), Make.User("three"));
        using var stop = new CancellationTokenSource();
        using SessionReader reader = SessionReader.Open(source);
        Assert.Throws<OperationCanceledException>(() => SessionExport.Write(
            reader, _folder.File("x.md"), new SessionExportOptions(), (done, _) => { if (done == 1) { stop.Cancel(); } }, stop.Token));
        Assert.Equal([source], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void In_Markdown_no_content_can_add_a_section()
    {
        string markdown = Export(HostileSession(), new SessionExportOptions { Redact = ExportRedaction.None });

        Assert.Equal(["# Session s", "## Compaction Summary", "## User", "## Assistant", "## Tool: \\<b\\>\\#x \\# y", "## User"], OutsideOfFences(markdown).Where(line => line.StartsWith('#')));
        Assert.DoesNotContain(OutsideOfFences(markdown), line => UnescapedAngle().IsMatch(line));
        Assert.DoesNotContain('\u001b', markdown);
    }

    [Fact]
    public void In_Html_no_content_can_add_an_element()
    {
        string html = Export(HostileSession(), new SessionExportOptions { Format = ExportFormat.Html, Redact = ExportRedaction.None });

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(5, XDocument.Parse(html[html.IndexOf('\n', StringComparison.Ordinal)..]).Descendants("section").Count());
        Assert.Contains("&lt;script&gt;alert(&#39;canary&#39;)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', html);
    }

    [BrowserFact]
    public void A_browser_sees_text_where_the_session_has_markup()
    {
        Export(HostileSession(), new SessionExportOptions { Format = ExportFormat.Html, Redact = ExportRedaction.None });

        string document = Browser.Load(_folder.File("x.html"), out string log);

        Assert.Empty(log);
        Assert.DoesNotContain("<script", document, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(5, Regex.Count(document, "<section "));
        Assert.Contains("&lt;script&gt;alert('canary')&lt;/script&gt;", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_in_the_page_only_when_nothing_is_redacted_and_never_loaded_from_elsewhere()
    {
        string source = Session(new UserMessage(
            [
                new ImageContent(ImageSource.FromBase64("aGk="), "image/png"),
                new ImageContent(ImageSource.FromBytes(new byte[] { 1, 2 }), "image/gif"),
                new ImageContent(ImageSource.FromBase64("\"><script>"), "image/png"),
                new ImageContent(ImageSource.FromUrl("https://host/x.png"), "image/webp"),
            ],
            1));

        string html = Export(source, new SessionExportOptions { Format = ExportFormat.Html, Redact = ExportRedaction.None });
        Assert.Equal(["data:image/png;base64,aGk=", "data:image/gif;base64,AQI="], ImageSources().Matches(html).Select(match => match.Groups[1].Value));
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
        Assert.Contains("[image: image/webp]", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data:image", Export(source, new SessionExportOptions { Format = ExportFormat.Html }), StringComparison.Ordinal);
        Assert.Contains("\\[image: image/png\\]", Export(source), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\r\nb\rc\u0000\u007f\u009b\td", "a\nb\nc\u2400\u2421\uFFFD\td")]
    [InlineData("safe\u202Egnp.exe \u2066x\u2069", "safe\uFFFDgnp.exe \uFFFDx\uFFFD")]
    [InlineData("\u05D0\u200F and \u200E marks of a language stay", "\u05D0\u200F and \u200E marks of a language stay")]
    [InlineData("plain \u00e4 \ud83d\ude00", "plain \u00e4 \ud83d\ude00")]
    public void Control_characters_are_shown_and_do_nothing(string text, string expected) => Assert.Equal(expected, VisibleText.Of(text));

    [Theory]
    [InlineData("a.json", ExportFormat.Json)]
    [InlineData("a.HTM", ExportFormat.Html)]
    [InlineData("a.md", ExportFormat.Markdown)]
    [InlineData("a", ExportFormat.Markdown)]
    public void The_ending_tells_the_form(string path, ExportFormat expected) => Assert.Equal(expected, SessionExportOptions.FormatOf(path));

    private static AssistantMessage Call(string arguments) => Make.Calls("c") with { Content = [new ToolCallContent("c", "bash", arguments)] };

    private static List<string> OutsideOfFences(string markdown)
    {
        var lines = new List<string>();
        string? fence = null;
        foreach (string line in markdown.Split('\n'))
        {
            if (fence is null && line.StartsWith("```", StringComparison.Ordinal))
            {
                fence = Backticks().Match(line).Value;
            }
            else if (fence is null)
            {
                lines.Add(line);
            }
            else if (line == fence)
            {
                fence = null;
            }
        }

        Assert.Null(fence);
        return lines;
    }

    private string HostileSession() => _folder.Write(Make.File(
        Make.UserLine("m1", null, Hostile),
        Make.Line(new MessageEntry("m2", "m1", "t", Call(JsonSerializer.Serialize(new Dictionary<string, string> { ["<b>" + Hostile] = Hostile })) with { ErrorMessage = Hostile })),
        Make.Line(new MessageEntry("m3", "m2", "t", Make.Result("<i>", Hostile) with { ToolName = "<b>#x\n# y" })),
        Make.CompactionLine("c", "m3", "m1", Hostile),
        Make.UserLine("m4", "c", "`" + Hostile)));

    private string Session(params Message[] messages) =>
        _folder.Write(Make.File([.. messages.Select((message, i) => Make.Line(new MessageEntry($"m{i + 1}", i == 0 ? null : $"m{i}", "t", message)))]));

    private string Export(string source, SessionExportOptions? options = null)
    {
        string target = _folder.File("x" + SessionExportOptions.ExtensionOf(options?.Format ?? default));
        Write(source, target, options);
        byte[] bytes = File.ReadAllBytes(target);
        Assert.False(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble), "a byte order mark");
        return Encoding.UTF8.GetString(bytes);
    }

    private static void Write(string source, string target, SessionExportOptions? options = null)
    {
        using SessionReader reader = SessionReader.Open(source);
        SessionExport.Write(reader, target, options ?? new SessionExportOptions());
    }

    [GeneratedRegex(@"(?<!\\)<")]
    private static partial Regex UnescapedAngle();

    [GeneratedRegex("^`+")]
    private static partial Regex Backticks();

    [GeneratedRegex("<img [^>]*src=\"([^\"]*)\"")]
    private static partial Regex ImageSources();
}
