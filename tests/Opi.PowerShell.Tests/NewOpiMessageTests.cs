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
        Assert.Equal(new Usage(1, 2, 3, 4) { Reported = true }, message.Usage);
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
        File.WriteAllBytes(Path.Combine(Folder, "dot.PNG"), [1, 2, 3]);
        Engine.GoTo(Folder);

        var image = Assert.IsType<ImageContent>(Assert.Single(Engine.One<UserMessage>("New-OpiMessage User -ImagePath dot.PNG").Content));

        Assert.Equal(("image/png", new Base64ImageSource("AQID")), (image.MediaType, image.Source));
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
        Assert.StartsWith("https://example.com/a", Assert.IsType<UrlImageSource>(image.Source).Url, StringComparison.Ordinal);
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
}
