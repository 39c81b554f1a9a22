using System.Text.Json;

namespace Opi.Tests;

/// <summary>
/// A provider finds what it has cached by the bytes of the request: each request begins with the messages of the one before it. Whole
/// conversations are grown answer by answer.
/// </summary>
public sealed class RequestPrefixTests
{
    private const int Seeds = 40;

    [Theory]
    [InlineData(Provider.Anthropic, "messages", "anthropic:m")]
    [InlineData(Provider.Bedrock, "messages", "bedrock:m")]
    [InlineData(Provider.Gemini, "contents", "gemini:m")]
    public void A_request_begins_with_the_one_before_it(Provider provider, string list, string model)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            IReadOnlyList<AgentMessage> messages = new RandomConversation(seed, provider, isBroken: false).Make();
            string before = "";
            foreach (int answer in Enumerable.Range(0, messages.Count).Where(i => messages[i] is AssistantMessage))
            {
                JsonElement body = ProviderRequest.Build([.. messages.Take(answer)], provider, new RequestOptions { Model = model }).Body;
                string text = body.GetProperty(list).GetRawText().TrimEnd(']', '}');

                Assert.True(text.StartsWith(before, StringComparison.Ordinal), $"seed {seed}, message {answer}\n{before}\n{text}");
                before = messages[Math.Max(0, answer - 1)] is AssistantMessage ? before : text; // an answer at the end loses its white space
            }
        }
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", "claude-sonnet-4-5-20250929", true)]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4.5", true)]
    [InlineData("claude-sonnet-4@20250514", "claude-sonnet-4-20250514", true)]
    [InlineData("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022", true)]
    [InlineData("gemini-flash-latest", "gemini-2.5-flash-preview-09-2025", true)]
    [InlineData("gemini-3-pro-preview", "gemini-3-pro-preview-11-2025", true)]
    [InlineData("gpt-5", "gpt-5-2025-08-07", true)]
    [InlineData("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5", true)]
    [InlineData("claude-sonnet-4-5", "claude-sonnet-4-20250514", false)]
    [InlineData("claude-opus-4-5", "claude-sonnet-4-5", false)]
    [InlineData("gpt-5", "gpt-5-mini-2025-08-07", false)]
    [InlineData("gemini-3-pro", "gemini-3-flash", false)]
    [InlineData("gemini-flash-latest", "gemini-2.5-pro", false)]
    [InlineData("gpt-4.5", "gpt-5.4", false)]
    [InlineData("claude-haiku-4-5", "claude-4.5-haiku", true)]
    public void A_model_is_known_by_the_name_that_was_asked_and_by_the_one_that_answered(string asked, string answered, bool areOne)
    {
        Assert.Equal(areOne, RequestTarget.AreOneModel(asked, answered));
        Assert.Equal(areOne, RequestTarget.AreOneModel(answered, asked));
    }

    [Fact]
    public void What_answers_by_a_name_that_the_user_gave_is_that_model()
    {
        Assert.True(RequestTarget.AreOneModel("my-deployment", "gpt-5-2025-08-07"));
        Assert.False(RequestTarget.AreOneModel("o3-mini", "gpt-5-2025-08-07"));
    }
}
