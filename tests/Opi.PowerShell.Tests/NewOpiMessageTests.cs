using System.Text.Json;

namespace Opi.PowerShell.Tests;

public sealed class NewOpiMessageTests : EngineTest
{
    private const string Command = ",Opi.PowerShell.Commands.NewOpiMessageCommand";

    [Fact]
    public void A_message_of_the_user_has_its_text_and_the_time()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        var message = Engine.One<UserMessage>("New-OpiMessage User 'hello there'");

        Assert.Equal(("user", "hello there"), (message.Role, message.Text));
        Assert.InRange(message.TimestampMs, before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Several_texts_are_several_blocks()
    {
        var message = Engine.One<UserMessage>("New-OpiMessage -Role User -Text 'one', 'two'");

        Assert.Equal(["one", "two"], message.Content.Cast<TextContent>().Select(block => block.Text));
    }

    [Fact]
    public void Each_piped_text_is_a_message()
    {
        Assert.Equal(["one", "two"], Engine.All<UserMessage>("'one', 'two' | New-OpiMessage User").Select(message => message.Text));
    }

    [Fact]
    public void An_answer_has_all_that_was_given()
    {
        var message = Engine.One<AssistantMessage>("""
            New-OpiMessage Assistant 'done' -Thinking 'hmm' -Model $model -StopReason Length -ResponseId r-1 -ErrorMessage 'cut off' -InputTokens 1 -OutputTokens 2 -CacheReadTokens 3 -CacheWriteTokens 4
            """);

        Assert.Equal(("done", Sonnet, StopReason.Length, "r-1", "cut off"), (message.Text, message.ModelSpec, message.StopReason, message.ResponseId, message.ErrorMessage));
        Assert.Equal(new Usage(1, 2, 3, 4), message.Usage);
        Assert.Equal("hmm", Assert.IsType<ThinkingContent>(message.Content[0]).Thinking);
    }

    [Fact]
    public void An_answer_without_tokens_has_an_unknown_usage()
    {
        Assert.False(Engine.One<AssistantMessage>("New-OpiMessage Assistant 'done'").Usage.IsKnown);
    }

    [Theory]
    [InlineData("@{ Id = 'c1'; Name = 'read'; Arguments = @{ path = 'a b.txt' } }", """{"path":"a b.txt"}""")]
    [InlineData("@{ id = 'c1'; name = 'read'; arguments = '{ \"path\": 1 }' }", """{ "path": 1 }""")]
    [InlineData("([pscustomobject]@{ Id = 'c1'; Name = 'read'; Arguments = [ordered]@{ list = 1, 2.5, $true, $null, 'ä'; sub = @{ x = 'y' } } })", """{"list":[1,2.5,true,null,"ä"],"sub":{"x":"y"}}""")]
    [InlineData("@{ Id = 'c1'; Name = 'read'; Arguments = @{ s = [Opi.Durability]::Buffered } }", """{"s":"Buffered"}""")]
    [InlineData("@{ Id = 'c1'; Name = 'read' }", "{}")]
    public void Arguments_of_a_tool_call_become_JSON(string call, string arguments)
    {
        var message = Engine.One<AssistantMessage>($"New-OpiMessage Assistant -ToolCall {call}");

        Assert.Equal(new ToolCallContent("c1", "read", arguments), Assert.Single(message.ToolCalls));
        Assert.Equal(StopReason.ToolUse, message.StopReason);
    }

    [Theory]
    [InlineData("@{ Id = 'c1'; Name = 'a' }, @{ Id = 'c2'; Name = 'b' }")]
    [InlineData("([Collections.Generic.List[object]]@(@{ Id = 'c1'; Name = 'a' }, @{ Id = 'c2'; Name = 'b' }))")]
    [InlineData("(New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'a' }, @{ Id = 'c2'; Name = 'b' }).ToolCalls")]
    [InlineData("@((New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'a' }, @{ Id = 'c2'; Name = 'b' }).ToolCalls)")]
    public void Several_tool_calls_come_in_any_kind_of_list(string calls)
    {
        Assert.Equal(["c1", "c2"], Engine.One<AssistantMessage>($"New-OpiMessage Assistant -ToolCall {calls}").ToolCalls.Select(call => call.Id));
    }

    [Theory]
    [InlineData("@{ Name = 'read' }")]
    [InlineData("@{ Id = 'c1' }")]
    [InlineData("'read'")]
    public void A_tool_call_without_id_or_name_is_refused(string call)
    {
        Assert.Contains("Id and a Name", Engine.Run($"New-OpiMessage Assistant -ToolCall {call}").BindingError("ToolCall").Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_of_a_tool_names_its_call()
    {
        var message = Engine.One<ToolResultMessage>("New-OpiMessage ToolResult 'no such file' -ToolCallId c1 -ToolName read -IsError -Details @{ code = 2 }");

        Assert.Equal(("c1", "read", true, "no such file"), (message.ToolCallId, message.ToolName, message.IsError, message.Text));
        Assert.Equal("""{"code":2}""", JsonSerializer.Serialize(message.Details));
    }

    [Fact]
    public void Details_that_contain_themselves_are_refused()
    {
        Engine.Run("$loop = @{}; $loop.self = $loop; New-OpiMessage ToolResult x -ToolCallId c -ToolName t -Details $loop").BindingError("Details");
    }

    [Fact]
    public void An_image_is_read_from_its_file()
    {
        File.WriteAllBytes(Path.Combine(Folder, "dot.PNG"), [0x89, (byte)'P', (byte)'N', (byte)'G']);
        Engine.GoTo(Folder);

        var image = Assert.IsType<ImageContent>(Assert.Single(Engine.One<UserMessage>("New-OpiMessage User -ImagePath dot.PNG").Content));

        Assert.Equal(("image/png", ImageSource.FromBase64("iVBORw==")), (image.MediaType, image.Source));
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_an_error_about_its_path()
    {
        var error = Engine.Run("New-OpiMessage User -ImagePath \"$folder/none.png\"").Error("ImageNotReadable" + Command);

        Assert.Contains("none.png", error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-ImageUrl 'https://example.com/a.jpg?size=2'", "image/jpeg")]
    [InlineData("-ImageUrl 'https://example.com/a' -MediaType image/webp", "image/webp")]
    public void An_image_elsewhere_is_named_by_its_address(string parameters, string mediaType)
    {
        var image = Assert.IsType<ImageContent>(Assert.Single(Engine.One<UserMessage>("New-OpiMessage User " + parameters).Content));

        Assert.Equal(mediaType, image.MediaType);
        Assert.StartsWith("https://example.com/a", image.Source.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-OpiMessage User", "-Text")]
    [InlineData("New-OpiMessage Assistant", "-Text")]
    [InlineData("New-OpiMessage User hi -InputTokens 5", "-InputTokens")]
    [InlineData("New-OpiMessage User hi -Model a:b", "-Model")]
    [InlineData("New-OpiMessage User hi -ToolCallId c", "-ToolCallId")]
    [InlineData("New-OpiMessage Assistant hi -IsError", "-IsError")]
    [InlineData("New-OpiMessage Assistant hi -ImageUrl https://example.com/a.png", "-ImageUrl")]
    [InlineData("New-OpiMessage ToolResult hi -ToolName read", "-ToolCallId")]
    [InlineData("New-OpiMessage ToolResult hi -ToolCallId c", "-ToolName")]
    [InlineData("New-OpiMessage User hi -ImageUrl https://example.com/a", "-MediaType")]
    public void What_does_not_fit_together_is_an_error_that_names_the_parameter(string script, string parameter)
    {
        RunResult result = Engine.Run(script);

        Assert.Contains(parameter, result.Error("InvalidMessage" + Command).Exception.Message, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Rows_of_a_conversation_become_messages_although_most_cells_are_empty()
    {
        IReadOnlyList<Message> messages = Engine.All<Message>("""
            [pscustomobject]@{ Role = 'User'; Text = 'q'; ToolCallId = ''; ToolName = ''; Model = ''; InputTokens = ''; OutputTokens = '' },
            [pscustomobject]@{ Role = 'Assistant'; Text = 'a'; ToolCallId = ''; ToolName = ''; Model = 'openai:gpt-4o'; InputTokens = '10'; OutputTokens = '2' },
            [pscustomobject]@{ Role = 'ToolResult'; Text = 'r'; ToolCallId = 'c1'; ToolName = 'read'; Model = ''; InputTokens = ''; OutputTokens = '' } | New-OpiMessage
            """);

        Assert.Equal(["user", "assistant", "tool_result"], messages.Select(message => message.Role));
        Assert.Equal(10, Assert.IsType<AssistantMessage>(messages[1]).Usage.InputTokens);
    }

    [Fact]
    public void A_row_without_text_is_not_taken_for_a_text_itself()
    {
        var message = Engine.One<AssistantMessage>("[pscustomobject]@{ Role = 'Assistant'; ToolCall = @{ Id = 'c1'; Name = 'read' } } | New-OpiMessage");

        Assert.Equal(("", "read"), (message.Text, Assert.Single(message.ToolCalls).Name));
    }

    [Theory]
    [InlineData("2026-11-24", "2026-11-24T00:00:00")]
    [InlineData("20261124", "2026-11-24T00:00:00")]
    [InlineData("2026-11-24T13:45:00Z", "2026-11-24T13:45:00Z")]
    [InlineData("2026-11-24T13:45:00.250+02:00", "2026-11-24T11:45:00.250Z")]
    [InlineData("2026-11-24T13:45", "2026-11-24T13:45:00")]
    [InlineData("2026-11-24 13:45:10", "2026-11-24T13:45:10")]
    public void Times_are_ISO_and_local_in_every_culture(string text, string expected)
    {
        Engine.Set("text", text);

        var message = Engine.One<UserMessage>("[cultureinfo]::CurrentCulture = 'de-DE'; New-OpiMessage User hi -Timestamp $text");

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), message.TimestampMs);
    }

    [Theory]
    [InlineData("03/04/2026")]
    [InlineData("03.04.2026")]
    [InlineData("yesterday")]
    public void A_time_that_depends_on_a_culture_is_refused(string text)
    {
        Engine.Set("text", text);

        Assert.Contains("2026-11-24", Engine.Run("[cultureinfo]::CurrentCulture = 'de-DE'; New-OpiMessage User hi -Timestamp $text").BindingError("Timestamp").Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_objects_are_taken_as_they_are()
    {
        var message = Engine.One<UserMessage>("New-OpiMessage User hi -Timestamp ([DateTimeOffset]::FromUnixTimeMilliseconds(1234567890123))");

        Assert.Equal(1234567890123, message.TimestampMs);
    }

    public static TheoryData<string, byte[], string?, string?> Images => new()
    {
        { "lie.png", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46], "image/jpeg", null },
        { "x.dat", [.. "GIF89a"u8, 1, 0, 1, 0], "image/gif", null },
        { "x.webp", [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8], "image/webp", null },
        { "page.png", [.. "<html><body>404</body></html>"u8], null, "HTML" },
        { "empty.png", [], null, "empty" },
        { "photo.jpg", [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0], null, "HEIC" },
        { "paper.png", [.. "%PDF-1.7"u8], null, "PDF" },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void What_an_image_is_its_bytes_say(string name, byte[] bytes, string? mediaType, string? refusal)
    {
        File.WriteAllBytes(Path.Combine(Folder, name), bytes);

        RunResult result = Engine.Run($"New-OpiMessage User x -ImagePath $folder/{name} | ForEach-Object {{ $_.Content[1].MediaType }}");

        Assert.Equal(mediaType, result.Output.SingleOrDefault());
        if (refusal is not null)
        {
            Assert.Contains(refusal, result.Error("InvalidMessage" + Command).Exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_image_that_a_provider_may_refuse_is_a_warning()
    {
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0x27, 0x10, 0, 0, 0, 100];
        File.WriteAllBytes(Path.Combine(Folder, "wide.png"), png);

        Assert.Contains("10000 x 100", Assert.Single(Engine.Run("New-OpiMessage User x -ImagePath $folder/wide.png").WithoutErrors().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_is_a_text_or_a_PDF_by_its_bytes()
    {
        File.WriteAllText(Path.Combine(Folder, "notes.md"), "# Notes");
        File.WriteAllBytes(Path.Combine(Folder, "paper.txt"), [.. "%PDF-1.7"u8]);
        File.WriteAllBytes(Path.Combine(Folder, "tool.exe"), [0x4D, 0x5A, 0, 0]);

        DocumentContent[] documents = [.. Engine.One<UserMessage>("New-OpiMessage User -Document $folder/notes.md, $folder/paper.txt").Content.Cast<DocumentContent>()];

        Assert.Equal([("text/markdown", "# Notes", "notes.md"), ("application/pdf", null, "paper.txt")], documents.Select(document => (document.MediaType, document.Text, document.Name)));
        Assert.Equal(ImageSource.FromBase64("JVBERi0xLjc="), documents[1].Source);
        Assert.Contains("neither text nor PDF", Engine.Run("New-OpiMessage User -Document $folder/tool.exe").Error("InvalidMessage" + Command).Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("''", "")]
    [InlineData("$null", "")]
    [InlineData("@()", "")]
    [InlineData("'a', '', 'b'", "a\n\nb")]
    [InlineData("'a', 'b'", "a b")]
    public void The_result_of_a_tool_may_be_empty_and_keeps_its_empty_lines(string text, string expected) =>
        Assert.Equal(expected, Engine.One<ToolResultMessage>($"New-OpiMessage ToolResult {text} -ToolCallId c -ToolName t").Text);

    [Theory]
    [InlineData("User ''")]
    [InlineData("Assistant ''")]
    public void A_message_of_no_text_is_refused(string parameters) => Engine.Run($"New-OpiMessage {parameters}").Error("InvalidMessage" + Command);

    [Theory]
    [InlineData("""{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}""", "t1")]
    [InlineData("""{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}""", "t1")]
    [InlineData("""{"type":"function_call","id":"fc_1","call_id":"t1","name":"f","arguments":"{\"a\":1}"}""", "t1")]
    [InlineData("""{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"SIG"}""", "call-1")]
    [InlineData("""{"id":"t1","name":"f","args":{"a":1}}""", "t1")]
    [InlineData("""{"toolUse":{"toolUseId":"t1","name":"f","input":{"a":1}}}""", "t1")]
    [InlineData("""{"toolUseId":"t1","name":"f","input":{"a":1}}""", "t1")]
    [InlineData("""{"function":{"name":"f","arguments":{"a":1}}}""", "call-1")]
    [InlineData("""{"$type":"functionCall","callId":"t1","name":"f","arguments":{"a":1}}""", "t1")]
    [InlineData("""{"Id":"t1","Name":"f","Arguments":{"a":1},"Signature":"SIG"}""", "t1")]
    public void The_block_of_any_provider_is_a_call(string block, string id)
    {
        Engine.Set("block", block);

        ToolCallContent call = Assert.Single(Engine.One<AssistantMessage>("New-OpiMessage Assistant -ToolCall $block").ToolCalls);

        Assert.Equal((id, "f", """{"a":1}"""), (call.Id, call.Name, call.Arguments));
        Assert.Equal(block.Contains("SIG", StringComparison.Ordinal) ? "SIG" : null, call.Signature);
    }

    [Theory]
    [InlineData("@{ Id = 'c'; Name = 'f'; Arguments = '@{city=Rome}' }")]
    [InlineData("@{ Id = 'c'; Name = 'f'; Arguments = @(1, 2) }")]
    [InlineData("@{ Id = 'c'; Name = 'f'; Arguments = 5 }")]
    [InlineData("@{ Id = 'c'; Name = 'f'; Parameters = @{ a = 1 } }")]
    [InlineData("@{ type = 'tool_use'; id = 'c'; name = 'f'; input = '@{a=1}' }")]
    [InlineData("@{ type = 'web_search_call'; id = 'c' }")]
    [InlineData("@{ Name = 'f' }")]
    [InlineData("'text'")]
    public void A_call_of_which_a_part_would_be_lost_is_refused(string call) => Engine.Run($"New-OpiMessage Assistant -ToolCall {call}").BindingError("ToolCall");

    [Fact]
    public void Arguments_are_an_object_whose_text_is_their_JSON()
    {
        Engine.Run("$call = (New-OpiMessage Assistant -ToolCall @{ Id = 'c'; Name = 'f'; Arguments = '{\"city\":\"Rome\",\"days\":[1,2]}' }).ToolCalls[0]").WithoutErrors();

        Assert.Equal("Rome", Engine.One<string>("$call.Arguments.city"));
        Assert.Equal(2L, Engine.One<long>("$call.Arguments.days[1]"));
        Assert.Equal("{\"city\":\"Rome\",\"days\":[1,2]}", Engine.One<string>("\"$($call.Arguments)\""));
        Assert.Equal("{\"city\":\"Rome\",\"days\":[1,2]}", Engine.One<string>("$call.ArgumentsJson"));
    }
}
