namespace Opi.Tests;

/// <summary>Makes conversations of an agent from a seed: prompts, parallel calls, images, thinking, summaries.</summary>
/// <param name="seed">The same seed makes the same conversation.</param>
/// <param name="provider">Whose answers they are.</param>
/// <param name="isBroken">
/// Whether they have what goes wrong too: interrupted calls, results without calls, doubled and strange ids, empty texts, arguments that are
/// no JSON, failed answers.
/// </param>
internal sealed class RandomConversation(int seed, Provider provider, bool isBroken)
{
    private static readonly string[] Words = ["alpha", "größe", "naïve", "日本語", "🎈", "\"quoted\"", "a\\b", "line\nbreak", "tab\t", "<b>", "{}"];
    private static readonly string[] Tools = ["read", "shell", "write_file", "list-all"];
    private static readonly string[] StrangeIds = ["call-1", "call-2", "a b", "ü", "", new string('x', 90), "call-1"];
    private readonly Random _random = new(seed);
    private int _ids;

    public IReadOnlyList<AgentMessage> Make()
    {
        var messages = new List<AgentMessage>();
        if (Chance(4))
        {
            messages.Add(new CompactionSummaryMessage(Text(), "msg-9", 100, 50));
        }

        int turns = _random.Next(1, 6);
        for (int turn = 0; turn < turns; turn++)
        {
            if (isBroken && Chance(8))
            {
                messages.Add(new BranchSummaryMessage("", Text(), 3));
            }

            if (!isBroken || !Chance(6))
            {
                messages.Add(new UserMessage(Input(minimum: 1), 1000));
            }

            if (isBroken && Chance(8))
            {
                messages.Add(new SystemMessage(Text(), 1000));
            }

            AddAnswers(messages);
        }

        return messages;
    }

    private void AddAnswers(List<AgentMessage> messages)
    {
        int rounds = _random.Next(0, 4);
        for (int round = 0; round < rounds; round++)
        {
            ToolCallContent[] calls = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Call())];
            AssistantMessage answer = Answer(calls);
            messages.Add(answer);
            ToolResultMessage[] results = [.. answer.ToolCalls.Select(call => new ToolResultMessage(call.Id, call.Name, Input(minimum: 0), 3000) { IsError = Chance(4) })];
            if (isBroken)
            {
                _random.Shuffle(results);
                messages.AddRange(results.Where(_ => !Chance(5)));
                if (Chance(8))
                {
                    messages.Add(new ToolResultMessage("nobody", "ghost", [new TextContent("boo")], 3000));
                }

                if (Chance(8))
                {
                    messages.Add(results[0]);
                }
            }
            else
            {
                messages.AddRange(results);
            }
        }

        if (Chance(2))
        {
            messages.Add(Answer([]));
        }
    }

    private AssistantMessage Answer(ToolCallContent[] calls)
    {
        var content = new List<IAssistantContent>();
        if (Chance(2))
        {
            content.Add(Thinking());
        }

        if (calls.Length == 0 || Chance(2))
        {
            content.AddRange(Enumerable.Range(0, _random.Next(1, 3)).Select(_ => new TextContent(isBroken && Chance(4) ? " \n" : Text())));
        }

        content.AddRange(RandomBlocks.Answer(_random, provider, isBroken, NewId));
        content.AddRange(RandomOpenAI.Answer(_random, provider, isBroken, calls.Length > 0, NewId));
        content.AddRange(calls);
        if (isBroken && Chance(6))
        {
            content.Add(Thinking());
        }

        return new AssistantMessage(content, ProviderShape.Of(provider).Name, "m", 2000) { StopReason = calls.Length > 0 ? StopReason.ToolUse : StopReason.Stop };
    }

    private ThinkingContent Thinking()
    {
        string blob = Convert.ToBase64String([.. Enumerable.Range(0, _random.Next(1, 9)).Select(_ => (byte)_random.Next(256))]);
        return (provider, Chance(4)) switch
        {
            (Provider.Anthropic or Provider.Bedrock, true) => new ThinkingContent("") { EncryptedContent = blob },
            (Provider.OpenAIResponses, true) => new ThinkingContent("") { Id = NewId("rs"), EncryptedContent = blob },
            (Provider.OpenAIResponses, _) => new ThinkingContent(Text()) { Id = NewId("rs"), EncryptedContent = blob },
            (Provider.OpenAIChat or Provider.Ollama, _) => new ThinkingContent(Text()),
            (Provider.GeminiInteractions, false) =>
                new ThinkingContent(Text()) { Signature = blob, ProviderData = new ProviderData("gemini-interactions", """{"type":"thought"}""") },
            (_, true) => new ThinkingContent(Text()),
            _ => new ThinkingContent(Text()) { Signature = blob },
        };
    }

    private ToolCallContent Call()
    {
        string arguments = isBroken && Chance(4)
            ? Pick("", "{\"path\": \"a.t", "[1]", "\"text\"", "null", "{\"a\":1,\"a\":2}")
            : Pick("{}", """{"path":"a b.txt","lines":[1,2]}""", """{"deep":{"er":[{"x":null}]},"n":-1.50,"big":123456789012345678901,"ü":"日本"}""", """{ "spaced" : true }""");
        string? signature = provider == Provider.Gemini && Chance(2) ? "c2lnbmF0dXJl" : null;
        return new ToolCallContent(isBroken && Chance(3) ? Pick(StrangeIds) : NewId("call"), isBroken && Chance(6) ? Pick("", "a.b c", "1st") : Pick(Tools), arguments) { Signature = signature };
    }

    private List<IInputContent> Input(int minimum)
    {
        var content = new List<IInputContent>();
        int blocks = _random.Next(minimum, 4);
        for (int i = 0; i < blocks; i++)
        {
            content.Add(i > 0 && Chance(3) ? Image() : i > 0 && Chance(6) && Special(minimum) is { } special ? special : new TextContent(isBroken && Chance(6) ? Pick("", " ", "\n") : Text()));
        }

        return content;
    }

    private IInputContent? Special(int minimum) =>
        RandomBlocks.Input(_random, provider, isBroken) ?? (minimum > 0 || isBroken ? RandomOpenAI.Input(_random, provider) : null);

    private ImageContent Image() => (isBroken ? _random.Next(6) : _random.Next(provider is Provider.Ollama or Provider.Bedrock ? 2 : 3)) switch
    {
        0 => new ImageContent(ImageSource.FromBase64("iVBORw0KGgo="), "image/png"),
        1 => new ImageContent(ImageSource.FromBytes(new byte[] { 0xff, 0xd8, 0xff, 1 }), "image/jpeg"),
        2 => new ImageContent(ImageSource.FromUrl("https://example.org/a.webp"), "image/webp"),
        3 => new ImageContent(ImageSource.FromUrl("data:image/png;base64,iVBORw0KGgo="), "image/png"),
        4 => new ImageContent(ImageSource.FromBase64("R0lGODlh"), "image/gif"),
        _ => new ImageContent(ImageSource.FromUrl("s3://bucket/a.png"), "image/png"),
    };

    private string Text() => string.Join(' ', Enumerable.Range(0, _random.Next(1, 6)).Select(_ => Pick(Words)));

    private string NewId(string prefix) => $"{prefix}_{++_ids}";

    private bool Chance(int of) => _random.Next(of) == 0;

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];
}
