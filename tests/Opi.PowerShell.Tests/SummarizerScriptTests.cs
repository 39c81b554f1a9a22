using Opi.ProviderStub;

namespace Opi.PowerShell.Tests;

/// <summary>The scripts of examples/summarizers against a stand-in for their provider, which refuses what the provider would refuse.</summary>
public sealed class SummarizerScriptTests : EngineTest
{
    [Theory]
    [InlineData("anthropic", Provider.Anthropic, "anthropic:")]
    [InlineData("openai-chat", Provider.OpenAIChat, "openai:")]
    [InlineData("ollama", Provider.Ollama, "ollama:")]
    public void A_script_asks_for_the_summary_and_its_tokens_are_counted(string script, Provider provider, string modelPrefix)
    {
        using StubServer server = StubServer.Start();
        server.AnswerText = "## Goal\nAll questions are answered.";
        Engine.Set("script", Path.Combine(Repository.Root, "examples", "summarizers", script + ".ps1"));
        Engine.Set("uri", server.BaseUri.GetLeftPart(UriPartial.Authority));
        Engine.Run("$env:ANTHROPIC_API_KEY = $env:OPENAI_API_KEY = 'test'").WithoutErrors();
        OpiSession session = NewSession(turns: 4);
        CumulativeUsage before = session.Usage;

        var result = Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Summarizer (& $script -BaseUri $uri)");

        Assert.Equal(("## Goal\nAll questions are answered.", SummarySource.Hook), (result.Summary, result.SummarySource));
        StubRequest request = Assert.Single(server.Requests);
        Assert.Equal((provider, 200), (request.Provider, request.Status));
        Assert.Contains("question 3", request.Body.GetRawText(), StringComparison.Ordinal);
        Assert.True(result.Usage!.TotalTokens > 0);
        Assert.Equal(before.TotalTokens + result.Usage.TotalTokens, session.Usage.TotalTokens);
        Assert.StartsWith(modelPrefix, Engine.One<OpiEntry>("Get-OpiEntry $s.Path -Last 1").ModelSpec, StringComparison.Ordinal);
    }
}
