using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// A provider whose messages are lists of blocks, in which user and assistant take turns and results are blocks of the user's: Anthropic
/// and Bedrock.
/// </summary>
internal abstract class ContentBlockShape : ProviderShape
{
    public override JsonObject Write(Conversation conversation, string? system)
    {
        var messages = new AlternatingMessages("assistant", "content", Text);
        foreach (Step step in conversation.Steps)
        {
            switch (step)
            {
                case Prompt prompt:
                    messages.AddUser(prompt.Content.Select(Input));
                    break;
                case Answer answer:
                    messages.AddAssistant(answer.ContentBeforeLastThinking.Select(Block).OfType<JsonObject>());
                    messages.AddUser(answer.Results.Select(Result));
                    break;
            }
        }

        var request = new JsonObject { ["messages"] = messages.ToArray() };
        if (system is not null)
        {
            request["system"] = System(system);
        }

        return request;
    }

    public override void ReadMessage(JsonElement message, RequestReader reader)
    {
        if (message.Is("role", "assistant"))
        {
            Reply reply = reader.BeginAnswer();
            foreach (JsonElement block in message.Items("content"))
            {
                ReadAnswer(block, reply);
            }

            return;
        }

        var content = new List<IInputContent>();
        foreach (JsonElement block in message.Items("content"))
        {
            if (ResultIn(block) is { } result)
            {
                reader.AddUser(content);
                content.Clear();
                reader.AddResult(result.Id, null, [.. result.Content.SelectMany(part => ReadInput(part, reader))], result.IsError);
            }
            else
            {
                content.AddRange(ReadInput(block, reader));
            }
        }

        reader.AddUser(content);
    }

    /// <summary>A block of a message or of a result.</summary>
    protected JsonObject Input(IInputContent block) => block switch
    {
        ImageContent image => Image(RequestImage.Of(image)),
        OpaqueContent opaque => JsonNode.Parse(opaque.Data.Json)!.AsObject(),
        TextContent text => Text(text.Text),
        _ => Text(block.ToString()!),
    };

    protected abstract JsonNode System(string text);

    protected abstract JsonObject Text(string text);

    protected abstract JsonObject Image(RequestImage image);

    /// <summary>A block of an answer; null for thinking that cannot go back.</summary>
    protected abstract JsonObject? Block(IAssistantContent block);

    protected abstract JsonObject Result(CallResult result);

    protected abstract void ReadAnswer(JsonElement block, Reply reply);

    protected abstract IEnumerable<IInputContent> ReadInput(JsonElement block, RequestReader reader);

    /// <summary>The result that a block is; null when it is none.</summary>
    protected abstract (string? Id, IEnumerable<JsonElement> Content, bool IsError)? ResultIn(JsonElement block);
}
