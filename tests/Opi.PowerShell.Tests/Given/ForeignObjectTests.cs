using Opi.Tests;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newtonsoft.Json.Linq;

namespace Opi.PowerShell.Tests;

/// <summary>What may be given as a reply that is not an object of PowerShell's.</summary>
public sealed class ForeignObjectTests : EngineTest
{
    private const string UnknownReply = "UnknownReply,Opi.PowerShell.Commands.ConvertToOpiMessageCommand";

    private const string Reply =
        """{"id":"c1","object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"""
        + """ "finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29}}""";

    public static TheoryData<string, Func<object>> Carriers => new()
    {
        { "JsonDocument", () => JsonDocument.Parse(Reply) },
        { "JsonElement", () => JsonDocument.Parse(Reply).RootElement },
        { "JsonNode", () => JsonNode.Parse(Reply)! },
        { "JObject", () => JObject.Parse(Reply) },
        { "bytes", () => Encoding.UTF8.GetBytes(Reply) },
        { "memory", () => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(Reply)) },
        { "stream", () => new MemoryStream(Encoding.UTF8.GetBytes(Reply)) },
        { "BinaryData", () => BinaryData.FromString(Reply) },
        { "HTTP response", () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Reply) } },
        { "HTTP content", () => new StringContent(Reply) },
        { "list of a JsonNode", () => new object[] { JsonNode.Parse(Reply)! } },
        { "events of several lines", () => new[] { JsonNode.Parse(Reply)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) } },
    };

    [Theory]
    [MemberData(nameof(Carriers))]
    public void An_object_that_carries_a_reply_is_read(string name, Func<object> make)
    {
        Engine.Set("given", make());

        var message = Engine.One<AssistantMessage>("ConvertTo-OpiMessage -InputObject $given");

        Assert.True(message.Text == "Hello", name);
        Assert.Equal((20, 9), (message.Usage.InputTokens, message.Usage.OutputTokens));
    }

    [Fact]
    public void Of_an_unknown_type_nothing_is_run_wherever_it_is_given()
    {
        OpiSession session = NewSession(turns: 3);
        string[] scripts =
        [
            "ConvertTo-OpiMessage -InputObject $trap",
            "$trap | ConvertTo-OpiMessage",
            "ConvertTo-OpiMessage -InputObject @{ choices = $trap }",
            "$s | Add-OpiTurn -User q -Response $trap",
            "@{ choices = $trap } | Add-OpiTurn -Session $s -User q",
            "$s | Add-OpiTurn -User $trap",
            "$s | Add-OpiTurn -Assistant $trap",
            "$s | Add-OpiTurn -Message $trap",
            "$s | Add-OpiTurn -User q -Assistant a -StopReason $trap",
            "$s | Add-OpiTurn -User q -Assistant a -Timestamp $trap",
            "$s | Invoke-OpiCompaction -Summarizer { $trap }",
            "$s | Invoke-OpiCompaction -Summarizer { @{ Summary = $trap } }",
            "New-OpiMessage User $trap",
            "New-OpiMessage ToolResult x -ToolCallId c -ToolName t -Details $trap",
            "New-OpiMessage ToolResult x -ToolCallId c -ToolName t -Details @{ a = @($trap) }",
            "New-OpiMessage Assistant -ToolCall $trap",
            "New-OpiMessage Assistant -ToolCall @{ Id = 'c'; Name = 'f'; Arguments = @{ a = $trap } }",
        ];
        string before = SharedText.ReadAllText(session.Path);

        Assert.All(scripts, script =>
        {
            var trap = new Trap();
            Engine.Set("trap", trap);
            RunResult result = Engine.Run(script);
            Assert.True(result.Errors.Count == 1, script);
            Assert.True(trap.Run.Count == 0, $"{script}: {string.Join(", ", trap.Run)}");
        });
        string[] types = [.. Engine.All<OpiEntry>("Get-OpiEntry $s").Select(entry => entry.Type.ToString()).Distinct()];
        Assert.DoesNotContain("Compaction", types);
        Assert.StartsWith(before, SharedText.ReadAllText(session.Path), StringComparison.Ordinal);
        Assert.Equal(6, session.ReadContext().Count);
    }

    [Fact]
    public void The_refusal_names_the_type_and_what_to_give()
    {
        Engine.Set("trap", new Trap());

        string message = Engine.Run("ConvertTo-OpiMessage -InputObject $trap").Error(UnknownReply).Exception.Message;

        Assert.Contains("Opi.PowerShell.Tests.Trap", message, StringComparison.Ordinal);
        Assert.Contains("Give its JSON", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_is_refused_at_once_running_or_done()
    {
        Engine.Set("running", new TaskCompletionSource<string>().Task);
        Engine.Set("done", Task.FromResult(Reply));

        Assert.All(["$running", "$done"], task => Assert.Contains(
            "GetAwaiter", Engine.Run($"ConvertTo-OpiMessage -InputObject {task}").Error(UnknownReply).Exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_error_record_is_its_body_with_the_time_to_wait()
    {
        RunResult result = Engine.Run("""
            $e = [Management.Automation.ErrorRecord]::new([Exception]::new('429'), 'WebCmdletWebResponseException', 'InvalidOperation', $null)
            $e.ErrorDetails = '{"error":{"message":"Rate limit reached. Please try again in 1m2.5s.","type":"tokens","code":"rate_limit_exceeded"}}'
            ConvertTo-OpiMessage $e
            """);

        var error = Assert.IsType<ProviderErrorException>(result.Error("ProviderError,Opi.PowerShell.Commands.ConvertToOpiMessageCommand").Exception);
        Assert.Equal(TimeSpan.FromSeconds(62.5), error.RetryAfter);
        Assert.Contains("62.5 s", result.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_response_of_HTTP_tells_in_its_headers_when_to_try_again()
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests)
        {
            Content = new StringContent("""{"type":"error","error":{"type":"rate_limit_error","message":"Slow down."}}"""),
        };
        response.Headers.RetryAfter = new(TimeSpan.FromSeconds(7));
        Engine.Set("response", response);
        Engine.Set("empty", new HttpResponseMessage(HttpStatusCode.BadGateway));

        var error = Assert.IsType<ProviderErrorException>(Engine.Run("ConvertTo-OpiMessage -InputObject $response").Errors.Single().Exception);
        Assert.Equal((TimeSpan.FromSeconds(7), "anthropic"), (error.RetryAfter!.Value, error.Target));
        Assert.Contains("502", Engine.Run("ConvertTo-OpiMessage -InputObject $empty").Error(UnknownReply).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_HTML_and_JSON_that_is_too_deep_are_reported_in_words_of_their_own()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);
        Engine.Set("deep", deep);

        Assert.Contains("HTML", Engine.Run("ConvertTo-OpiMessage '<html>502</html>'").Error(UnknownReply).Exception.Message, StringComparison.Ordinal);
        Assert.Contains("nests deeper than 127", Engine.Run("ConvertTo-OpiMessage $deep").Error(UnknownReply).Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(Get-Item $folder)", null)] // a path is text
    [InlineData("([xml]'<a b=\"1\">text</a>')", "\"<a b=\\\"1\\\">text</a>\"")]
    [InlineData("([DateOnly]::new(2026, 1, 2))", "\"2026-01-02\"")]
    [InlineData("([TimeOnly]::new(3, 4))", "\"03:04:00.0000000\"")]
    [InlineData("([ipaddress]'10.0.0.1')", "\"10.0.0.1\"")]
    [InlineData("([regex]::Match('abc', 'b'))", "\"b\"")]
    [InlineData("@{ n = [double]::NaN }", "{\"n\":\"NaN\"}")]
    [InlineData("([pscustomobject]@{ a = @(1, $null, $true) })", "{\"a\":[1,null,true]}")]
    [InlineData("\"a$([char]0xD83D)b\"", "\"a\uFFFDb\"")]
    public void Details_take_what_PowerShell_has(string value, string? json)
    {
        JsonElement details = Engine.One<ToolResultMessage>($"New-OpiMessage ToolResult x -ToolCallId c -ToolName t -Details {value}").Details!.Value;

        Assert.Equal(JsonDocument.Parse(json ?? JsonSerializer.Serialize(Folder)).RootElement.ToString(), details.ToString());
    }

    [Fact]
    public void Objects_of_the_AWS_SDK_are_read_by_the_names_of_their_members()
    {
        Engine.Set("response", new Amazon.BedrockRuntime.Model.ConverseResponse
        {
            Output = new()
            {
                Message = new()
                {
                    Role = new("assistant"),
                    Content =
                    {
                        new() { ReasoningContent = new() { ReasoningText = new() { Text = "Hm.", Signature = "SIG" } } },
                        new() { Text = "Hello" },
                        new()
                        {
                            ToolUse = new()
                            {
                                ToolUseId = "t1",
                                Name = "f",
                                Input = new(new Dictionary<string, Amazon.Runtime.Documents.Document>
                                {
                                    ["city"] = new("Rome"),
                                    ["days"] = new(new List<Amazon.Runtime.Documents.Document> { new(3), new(true) }),
                                }),
                            },
                        },
                    },
                },
            },
            StopReason = new("tool_use"),
            Usage = new() { InputTokens = 100, OutputTokens = 12, TotalTokens = 112 },
        });

        var message = Engine.One<AssistantMessage>("$response | ConvertTo-OpiMessage");

        Assert.Equal(("Hello", StopReason.ToolUse, 100, 12), (message.Text, message.StopReason, message.Usage.InputTokens, message.Usage.OutputTokens));
        Assert.Equal(("t1", "f", """{"city":"Rome","days":[3,true]}"""), message.ToolCalls.Select(call => (call.Id, call.Name, call.Arguments)).Single());
        Assert.Equal(("Hm.", "SIG"), message.Content.OfType<ThinkingContent>().Select(block => (block.Thinking, block.Signature)).Single());
    }
}
