using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// The messages of a provider that wants user and assistant to take turns, the user first: what follows itself becomes one message.
/// </summary>
/// <param name="assistant">What the provider calls the assistant.</param>
/// <param name="content">What it calls the content of a message.</param>
/// <param name="text">Makes a block of text.</param>
internal sealed class AlternatingMessages(string assistant, string content, Func<string, JsonObject> text)
{
    /// <summary>Stands before an answer that has no prompt.</summary>
    public const string Opening = "(The conversation begins with an answer.)";

    private readonly JsonArray _messages = [];
    private JsonArray? _blocks;
    private bool _isUser;

    public JsonArray ToArray() => _messages;

    public void AddUser(IEnumerable<JsonObject> blocks) => Add(isUser: true, blocks);

    /// <summary>Adds to the assistant's message; without blocks, as with the user's, nothing.</summary>
    public void AddAssistant(IEnumerable<JsonObject> blocks)
    {
        if (_messages.Count == 0)
        {
            Add(isUser: true, [text(Opening)]);
        }

        Add(isUser: false, blocks);
    }

    private void Add(bool isUser, IEnumerable<JsonObject> blocks)
    {
        foreach (JsonObject block in blocks)
        {
            if (_blocks is null || isUser != _isUser)
            {
                _blocks = [];
                _isUser = isUser;
                _messages.Add(new JsonObject { ["role"] = isUser ? "user" : assistant, [content] = _blocks });
            }

            _blocks.Add(block);
        }
    }
}
