using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// A provider whose messages are lists of blocks, in which user and assistant take turns and results are blocks of the user's: Anthropic
/// and Bedrock.
/// </summary>
internal abstract class ContentBlockShape : ProviderShape
{
    /// <summary>The content of a result that has none, where the provider refuses one without.</summary>
    public const string NoOutput = "(no output)";

    protected const string Content = "content";

    public override JsonObject Write(Conversation conversation, string? system)
    {
        var messages = new AlternatingMessages("assistant", Content, Text);
        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt { IsSystem: true } prompt when messages.EndsWithUser && TakesSystem(conversation.Model):
                    messages.AddSystem(Inputs(prompt.Content, ofSystem: true));
                    break;
                case Prompt prompt:
                    messages.AddUser(Inputs(prompt.AsUser));
                    break;
                case Answer answer:
                    JsonObject[] blocks = [.. answer.Content.Select(block => Block(block)).OfType<JsonObject>()];
                    if (Array.Exists(blocks, block => !IsThinking(block)))
                    {
                        messages.AddAssistant(blocks);
                    }

                    messages.AddUser(answer.Results.Select(Result));
                    messages.AddUser(Inputs(BehindResults(answer)));
                    break;
            }
        }

        JsonArray list = messages.ToArray();
        conversation.WarnOfHalves(Pairs.Mend(list), "block");

        foreach (JsonObject answer in Answers(list))
        {
            TrimThinking((JsonArray)answer[Content]!);
        }

        if (list is [.., JsonObject last] && last.TextOf("role") == "assistant" && (JsonArray)last[Content]! is [.., JsonObject end]
            && end.TextOf("text") is { } words)
        {
            end["text"] = words.TrimEnd(); // a last answer that ends with white space is refused
        }

        var request = new JsonObject { ["messages"] = list };
        if (system is not null)
        {
            request["system"] = System(system);
        }

        Complete(request, conversation);
        return request;
    }

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        if (message.Is("role", "assistant"))
        {
            ReadAnswer([.. message.Items(Content)], reader.BeginAnswer());
            return;
        }

        bool isSystem = message.Is("role", "system");
        var content = new List<IInputContent>();
        foreach (JsonElement block in message.Items(Content))
        {
            if (!ReadResult(block, reader, Flush))
            {
                content.AddRange(ReadInput(block, reader));
            }
        }

        Flush();
        foreach (JsonProperty member in isSystem ? message.EnumerateObject().Where(member => member.Name is not ("role" or Content)) : [])
        {
            reader.LeftOut($"{member.Name} of a system message");
        }

        void Flush()
        {
            reader.AddUser([.. content], isSystem);
            content.Clear();
        }
    }

    /// <summary>The messages of the assistant.</summary>
    protected static IEnumerable<JsonObject> Answers(JsonArray messages) =>
        messages.OfType<JsonObject>().Where(message => (string?)message["role"] == "assistant");

    /// <summary>A block of a message or of a result; null for one that has no place there.</summary>
    protected JsonObject? Input(IInputContent block) => block switch
    {
        ImageContent image => Image(RequestImage.Of(image)),
        DocumentContent document => Document(RequestDocument.Of(document), document.Name),
        OpaqueContent opaque => ExtraMembers.Read(opaque.Data) is { Count: > 0 } raw ? raw : null,
        TextContent text => ExtraMembers.Merge(Text(text.Text), text.ProviderData?.Shape == DataName ? text.ProviderData : null),
        _ => Text(block.ToString()!),
    };

    /// <summary>The content of a message.</summary>
    /// <param name="content">It.</param>
    /// <param name="ofSystem">Whether the message is the system's.</param>
    protected virtual IEnumerable<JsonObject> Inputs(IEnumerable<IInputContent> content, bool ofSystem = false) =>
        content.Select(Input).OfType<JsonObject>();

    /// <summary>What of an answer's results follows them in the user's message.</summary>
    protected virtual IEnumerable<IInputContent> BehindResults(Answer answer) => [];

    /// <summary>Whether a model takes a message of the system's behind one of the user's.</summary>
    protected virtual bool TakesSystem(string model) => false;

    /// <summary>Adds what a request has besides messages and system.</summary>
    protected abstract void Complete(JsonObject request, Conversation conversation);

    /// <summary>Finds the halves of what the provider's tools did.</summary>
    protected abstract ServerPairs Pairs { get; }

    protected abstract JsonNode System(string text);

    protected abstract JsonObject Text(string text);

    protected abstract JsonObject Image(RequestImage image);

    protected abstract JsonObject Document(RequestDocument document, string? name);

    /// <summary>A block of an answer; null for what cannot go back.</summary>
    protected abstract JsonObject? Block(IAssistantContent block);

    protected abstract bool IsThinking(JsonObject block);

    protected abstract JsonObject Result(CallResult result);

    protected abstract void ReadAnswer(IReadOnlyList<JsonElement> blocks, Reply reply);

    protected abstract IEnumerable<IInputContent> ReadInput(JsonElement block, RequestReader reader);

    /// <summary>Reads a block that is the result of a call.</summary>
    /// <param name="block">The block.</param>
    /// <param name="reader">Gets the result.</param>
    /// <param name="flush">Ends the user's message before it.</param>
    /// <returns>False when it is not one.</returns>
    protected abstract bool ReadResult(JsonElement block, RequestReader reader, Action flush);

    /// <summary>An answer that ends with thinking is refused: it led nowhere.</summary>
    private void TrimThinking(JsonArray blocks)
    {
        while (blocks.Count > 1 && blocks[^1] is JsonObject last && IsThinking(last))
        {
            blocks.RemoveAt(blocks.Count - 1);
        }
    }
}
