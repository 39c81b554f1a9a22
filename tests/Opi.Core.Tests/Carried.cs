namespace Opi.Tests;

/// <summary>
/// What of a conversation a provider's request can carry. All lose what no request has: times, tokens, models, ids and stop reasons of
/// replies, details of results, and that a summary was one. Beyond that:
/// <list type="bullet">
/// <item>Anthropic, Bedrock, Gemini: that the user spoke twice in a row, or behind a result's images.</item>
/// <item>Anthropic, Bedrock: unsigned thinking; white space at the end of a last answer.</item>
/// <item>Anthropic: that a result that failed was empty; where the images of one belong.</item>
/// <item>Bedrock: that a result was empty.</item>
/// <item>Gemini: thinking without signature; where a result's images belong.</item>
/// <item>OpenAI Chat: thinking; borders of texts; the order of texts and calls; that a tool failed; where a result's images belong.</item>
/// <item>OpenAI Responses: that a tool failed.</item>
/// <item>Gemini's Interactions: thinking that was not signed in it.</item>
/// <item>Ollama: as OpenAI Chat, but it has the thinking of answers with calls, and images of results; ids of calls; the order of texts and images.</item>
/// </list>
/// </summary>
internal static class Carried
{
    private static readonly TextContent ImagesAbove = new("Images of the tool results above:");

    /// <summary>The messages as they come back.</summary>
    public static string[] By(Provider provider, IReadOnlyList<AgentMessage> messages)
    {
        int lastPrompt = messages.ToList().FindLastIndex(message => message is UserMessage or SystemMessage or CompactionSummaryMessage);
        var back = new List<Message>();
        var images = new List<IInputContent>();
        AssistantMessage? answer = null;
        int results = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i] is not ToolResultMessage)
            {
                MoveImages();
            }

            switch (messages[i])
            {
                case CompactionSummaryMessage summary:
                    AddUser([new TextContent($"Summary of the conversation so far, in place of its earlier messages:\n\n{summary.Summary}")]);
                    break;
                case UserMessage user:
                    AddUser(user.Content);
                    break;
                case SystemMessage system:
                    AddUser(system.Content);
                    break;
                case AssistantMessage original:
                    answer = Answer(provider, original, i > lastPrompt);
                    results = 0;
                    back.Add(answer);
                    break;
                case ToolResultMessage result:
                    ToolCallContent call = answer!.ToolCalls.ElementAt(results++);
                    back.Add(Result(provider, result) with { ToolCallId = call.Id });
                    if (Moves(provider) || (provider == Provider.Anthropic && result.IsError))
                    {
                        images.AddRange(result.Content.Where(block => block is not TextContent && !(provider == Provider.Anthropic && block is OpaqueContent)));
                    }

                    break;
            }
        }

        MoveImages();
        if (provider is Provider.Anthropic or Provider.Bedrock && back is [.., AssistantMessage { Content: [.. var blocks, TextContent end] } last])
        {
            back[^1] = last with { Content = [.. blocks, end with { Text = end.Text.TrimEnd() }] };
        }

        return [.. back.Select(Describe)];

        void AddUser(IReadOnlyList<IInputContent> content)
        {
            if (Alternates(provider) && back is [.., UserMessage before])
            {
                back[^1] = before with { Content = [.. before.Content, .. content] };
            }
            else
            {
                back.Add(new UserMessage(Input(provider, content), 0));
            }
        }

        void MoveImages()
        {
            if (images.Count > 0)
            {
                AddUser(provider == Provider.Gemini ? [.. images] : [ImagesAbove, .. images]);
                images.Clear();
            }
        }
    }

    public static string Describe(Message message) => message switch
    {
        UserMessage user => $"user: {Input(user.Content)}",
        SystemMessage system => $"user: {Input(system.Content)}",
        ToolResultMessage result => $"result of {result.ToolName} {result.ToolCallId}{(result.IsError ? " failed" : "")}: {Input(result.Content)}",
        AssistantMessage answer => $"assistant: {string.Join(" | ", answer.Content.Select(Block))}",
        _ => throw new ArgumentException(message.Role),
    };

    private static string Block(IAssistantContent block) => block switch
    {
        OpaqueContent opaque => $"{opaque.Kind} {opaque.StandIn} {opaque.Data.Json}",
        TextContent text => $"{text.Text} {text.ProviderData?.Json}",
        ThinkingContent thinking => $"{thinking} {thinking.Signature} {thinking.EncryptedContent}",
        ToolCallContent call => $"{call} {call.ProviderData?.Json}",
        _ => block.ToString()!,
    };

    private static string Input(IEnumerable<IInputContent> content) =>
        string.Join(" | ", content.Select(block => block switch
        {
            ImageContent image => $"{RequestImage.Of(image)} {image.Detail}",
            DocumentContent document => $"{RequestDocument.Of(document)}",
            OpaqueContent opaque => $"{opaque.Kind} {opaque.StandIn} {opaque.Data.Json}",
            _ => ((TextContent)block).Text,
        }));

    private static bool Alternates(Provider provider) => provider is Provider.Anthropic or Provider.Bedrock or Provider.Gemini;

    private static bool IsOneText(Provider provider) => provider is Provider.OpenAIChat or Provider.Ollama;

    private static bool Moves(Provider provider) => provider is Provider.OpenAIChat or Provider.Gemini;

    private static IEnumerable<IInputContent> Input(Provider provider, IReadOnlyList<IInputContent> content)
    {
        IInputContent[] images = [.. content.OfType<ImageContent>()];
        return provider == Provider.Ollama || (provider == Provider.OpenAIChat && content.All(block => block is TextContent))
            ? [.. Joined(content.OfType<TextContent>()), .. images]
            : content;
    }

    private static TextContent Words(IAssistantContent block) => block switch
    {
        TextContent text => text,
        OpaqueContent opaque => new TextContent(opaque.StandIn),
        _ => new TextContent(""),
    };

    private static IEnumerable<TextContent> Joined(IEnumerable<TextContent> texts) =>
        string.Join('\n', texts.Select(text => text.Text).Where(text => text.Length > 0)) is { Length: > 0 } text ? [new TextContent(text)] : [];

    private static ToolResultMessage Result(Provider provider, ToolResultMessage result)
    {
        if (provider == Provider.Anthropic && result.IsError)
        {
            result = result with { Content = [.. result.Content.Select(block => block is OpaqueContent opaque ? new TextContent(opaque.StandIn) : block)] };
        }

        bool hasImages = !Moves(provider) && !(provider == Provider.Anthropic && result.IsError);
        IEnumerable<IInputContent> content = result.Content.Where(block => block is TextContent || hasImages);
        content = IsOneText(provider) ? [.. Joined(content.OfType<TextContent>()), .. content.OfType<ImageContent>()]
            : (provider == Provider.Bedrock || (provider == Provider.Anthropic && result.IsError)) && !content.Any() ? [new TextContent("(no output)")]
            : content;
        return result with { Content = [.. content], IsError = result.IsError && (Alternates(provider) || provider == Provider.GeminiInteractions) };
    }

    private static AssistantMessage Answer(Provider provider, AssistantMessage answer, bool isRunning)
    {
        bool runningCalls = isRunning && answer.ToolCalls.Any();
        bool Takes(ThinkingContent thinking) => provider switch
        {
            Provider.Anthropic or Provider.Bedrock => (thinking.Signature ?? thinking.EncryptedContent) is not null,
            Provider.Gemini => thinking.Signature is not null,
            Provider.GeminiInteractions => thinking.ProviderData is not null,
            Provider.OpenAIResponses => true,
            Provider.Ollama => answer.ToolCalls.Any(),
            _ => false,
        };

        IAssistantContent[] content = [.. answer.Content.Where(block => block is not ThinkingContent thinking || Takes(thinking))];
        if (IsOneText(provider))
        {
            content = [.. content.OfType<ThinkingContent>(), .. Joined(content.Select(Words)), .. content.OfType<ToolCallContent>()];
        }

        int call = 0;
        return answer with { Content = [.. content.Select(block => block is ToolCallContent asked ? Call(provider, asked, ++call) : block)] };
    }

    /// <summary>Providers that have arguments as an object give them back as they have JSON.</summary>
    private static ToolCallContent Call(Provider provider, ToolCallContent call, int place)
    {
        bool asText = provider is Provider.OpenAIChat or Provider.OpenAIResponses;
        return call with
        {
            Id = provider == Provider.Ollama ? $"call-{place}" : call.Id,
            Arguments = asText ? call.Arguments : ReplyJson.Compact(ReplyJson.TryParse(call.Arguments)!.Value),
        };
    }
}
