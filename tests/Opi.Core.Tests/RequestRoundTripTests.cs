using System.Text.Json;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>
/// Contexts made into requests: no provider refuses one, and read back they have lost nothing but what <see cref="Carried"/> lists.
/// </summary>
[Trait("Category", "Slow")]
public sealed class RequestRoundTripTests
{
    /// <summary>The number of conversations a provider; OPI_TEST_SEEDS=10000 is the full run.</summary>
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("OPI_TEST_SEEDS"), out int seeds) ? seeds : 300;

    public static TheoryData<Provider> Providers => [.. Enum.GetValues<Provider>()];

    [Theory]
    [MemberData(nameof(Providers))]
    public void No_conversation_however_broken_makes_a_request_that_the_provider_refuses(Provider provider)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            // Also a conversation that another provider answered.
            Provider answered = seed % 3 == 0 ? (Provider)(seed / 3 % 7) : provider;
            IReadOnlyList<AgentMessage> messages = new RandomConversation(seed, answered, isBroken: true).Make();
            foreach (bool strict in (bool[])[false, true])
            {
                ProviderRequest request = ProviderRequest.Build(messages, provider, new RequestOptions { Strict = strict, System = "Be brief.", Prompt = [new UserMessage("Go on.", 0)] });

                IReadOnlyList<string> violations = ProviderRules.ValidateMessages(provider, request.Body);
                Assert.True(violations.Count == 0, $"seed {seed}, strict {strict}: {string.Join("; ", violations)}\n{request.Body}");
                string[] sent = [.. Texts(request.Body)];
                Assert.All(messages.OfType<UserMessage>().SelectMany(user => user.Content.OfType<TextContent>()).Where(text => !string.IsNullOrWhiteSpace(text.Text)), text =>
                    Assert.Contains(sent, part => part.Contains(text.Text, StringComparison.Ordinal)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Out_and_in_again_loses_nothing_that_the_provider_can_carry(Provider provider)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            IReadOnlyList<AgentMessage> messages = new RandomConversation(seed, provider, isBroken: false).Make();
            ProviderRequest request = ProviderRequest.Build(messages, provider);
            Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
            Assert.Empty(request.Warnings);

            IReadOnlyList<Message> back = ProviderMessages.TryParse(request.Body, provider)!.Messages;

            string[] expected = Carried.By(provider, messages);
            string[] actual = [.. back.Select(Carried.Describe)];
            Assert.True(expected.SequenceEqual(actual), $"seed {seed}\nexpected\n{string.Join('\n', expected)}\nactual\n{string.Join('\n', actual)}\n{request.Body}");
        }
    }

    [Theory]
    [InlineData(Provider.Anthropic)]
    [InlineData(Provider.Bedrock)]
    [InlineData(Provider.OpenAIChat)]
    [InlineData(Provider.OpenAIResponses)]
    [InlineData(Provider.GeminiInteractions)]
    public void Once_in_and_out_it_stays_as_it_is(Provider provider)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            // A system message at the beginning would be the system's text, which is told and left to the caller.
            AgentMessage[] messages = [new UserMessage("Begin.", 0), .. new RandomConversation(seed, provider, isBroken: true).Make()];
            JsonElement once = ProviderRequest.Build(messages, provider).Body;

            JsonElement twice = ProviderRequest.Build([.. ProviderMessages.TryParse(once, provider)!.Messages], provider).Body;

            Assert.True(JsonElement.DeepEquals(once, twice), $"seed {seed}\n{once}\n{twice}");
        }
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("azure")]
    [InlineData("mistral")]
    [InlineData("deepseek")]
    [InlineData("moonshot")]
    [InlineData("openrouter")]
    [InlineData("zai")]
    [InlineData("vllm")]
    [InlineData("groq")]
    public void Servers_of_Chat_Completions_take_every_conversation(string server)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            IReadOnlyList<AgentMessage> messages = Of(server, new RandomConversation(seed, seed % 3 == 0 ? (Provider)(seed / 3 % 7) : Provider.OpenAIChat, isBroken: true).Make());

            JsonElement body = ProviderRequest.Build(messages, Provider.OpenAIChat, new RequestOptions { Model = $"{server}:m", System = "Be brief.", Strict = seed % 2 == 0, Prompt = [new UserMessage("Go on.", 0)] }).Body;

            IReadOnlyList<string> violations = ChatServerRules.Validate(server, body);
            Assert.True(violations.Count == 0, $"seed {seed}: {string.Join("; ", violations)}\n{body}");
        }
    }

    [Theory]
    [InlineData(Provider.OpenAIResponses, "openai")]
    [InlineData(Provider.OpenAIResponses, "azure")]
    [InlineData(Provider.GeminiInteractions, "gemini")]
    [InlineData(Provider.Ollama, "ollama")]
    [InlineData(Provider.OpenAIChat, "openai")]
    [InlineData(Provider.OpenAIChat, "mistral")]
    [InlineData(Provider.OpenAIChat, "deepseek")]
    [InlineData(Provider.OpenAIChat, "moonshot")]
    [InlineData(Provider.OpenAIChat, "openrouter")]
    [InlineData(Provider.OpenAIChat, "vllm")]
    public void A_request_begins_with_the_bytes_of_the_one_before(Provider provider, string server)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            IReadOnlyList<AgentMessage> messages = Of(server, new RandomConversation(seed, provider, isBroken: false).Make());
            string[] before = [];
            for (int count = 1; count <= messages.Count; count++)
            {
                bool isTurn = messages[count - 1] is not AssistantMessage && (count == messages.Count || messages[count] is not ToolResultMessage);
                if (isTurn)
                {
                    JsonElement body = ProviderRequest.Build([.. messages.Take(count)], provider, new RequestOptions { Model = $"{server}:m", System = "Be brief." }).Body;
                    string[] now = [.. (body.TryGetProperty("input", out JsonElement input) ? input : body.GetProperty("messages")).EnumerateArray().Select(item => item.GetRawText())];
                    Assert.True(now.Length > before.Length && now.Take(before.Length).SequenceEqual(before), $"seed {seed}, {count} messages\n{string.Join('\n', before)}\n\n{string.Join('\n', now)}");
                    before = now;
                }
            }
        }
    }

    private static IReadOnlyList<AgentMessage> Of(string server, IReadOnlyList<AgentMessage> messages) =>
        [.. messages.Select(message => message is AssistantMessage { Provider: "openai" } answer ? answer with { Provider = server } : message)];

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        _ => [],
    };
}
