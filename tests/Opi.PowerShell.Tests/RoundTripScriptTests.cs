using System.Text.Json;
using Opi.ProviderStub;

namespace Opi.PowerShell.Tests;

/// <summary>The scripts of examples/roundtrip talk to a stand-in for their provider, which refuses what the provider would refuse.</summary>
public sealed class RoundTripScriptTests : EngineTest
{
    [Theory]
    [InlineData("anthropic", Provider.Anthropic, "\"signature\":\"c3R1YiBzaWduYXR1cmU=\"")]
    [InlineData("openai-chat", Provider.OpenAIChat, "\"tool_call_id\":")]
    [InlineData("openai-responses", Provider.OpenAIResponses, "\"encrypted_content\":\"c3R1YiBzaWduYXR1cmU=\"")]
    [InlineData("gemini", Provider.Gemini, "\"thoughtSignature\":\"c3R1YiBzaWduYXR1cmU=\"")]
    [InlineData("gemini-interactions", Provider.GeminiInteractions, "\"signature\":\"c3R1YiBzaWduYXR1cmU=\"")]
    [InlineData("bedrock", Provider.Bedrock, "\"signature\":\"c3R1YiBzaWduYXR1cmU=\"")]
    [InlineData("ollama", Provider.Ollama, "\"tool_name\":\"read_note\"")]
    public void A_script_asks_runs_the_tool_and_asks_again(string script, Provider provider, string sentBack)
    {
        using StubServer server = StubServer.Start();
        Engine.Set("script", Path.Combine(Repository.Root, "examples", "roundtrip", script + ".ps1"));
        Engine.Set("uri", server.BaseUri.GetLeftPart(UriPartial.Authority));

        RunResult result = Engine.Run("""
            $env:ANTHROPIC_API_KEY = $env:OPENAI_API_KEY = $env:GEMINI_API_KEY = $env:AWS_BEARER_TOKEN_BEDROCK = 'test'
            & $script -BaseUri $uri -Path $folder
            """).WithoutErrors();

        Assert.DoesNotContain(result.Warnings, warning => !warning.Contains("no price", StringComparison.Ordinal)); // a model on one's own machine has none
        Assert.Equal(["> What do I have to buy?", "    read_note {\"name\":\"shopping\"}", server.AnswerText, "> How many eggs was that?", server.AnswerText], result.Output.SkipLast(1));
        Assert.Equal([200, 200, 200], server.Requests.Select(request => request.Status));
        Assert.All(server.Requests, request => Assert.Equal(provider, request.Provider));
        string withResult = JsonSerializer.Serialize(server.Requests[1].Body); // without the spaces of ConvertTo-Json
        Assert.Contains("2 l milk, 12 eggs, flour", withResult, StringComparison.Ordinal);
        Assert.Contains(sentBack, withResult, StringComparison.Ordinal);
        Assert.Contains("How many eggs was that?", server.Requests[2].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("2 l milk, 12 eggs, flour", server.Requests[2].Body.GetRawText(), StringComparison.Ordinal);

        using SessionReader session = SessionReader.Open(Assert.Single(Directory.GetFiles(Folder, "*.jsonl")));
        Message[] stored = [.. session.Entries.Select(session.Read).OfType<MessageEntry>().Select(entry => entry.Message)];
        Assert.Equal(["user", "assistant", "tool_result", "assistant", "user", "assistant"], stored.Select(message => message.Role));
        Assert.All(stored.OfType<AssistantMessage>(), answer => Assert.Equal(20, answer.Usage.OutputTokens));
    }
}
