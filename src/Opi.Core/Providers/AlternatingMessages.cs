using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// The messages of a provider that requires user and assistant to take turns, the user first: messages of one role in a row become one.
/// </summary>
/// <param name="assistant">What the provider calls the assistant.</param>
/// <param name="content">What it calls the content of a message.</param>
/// <param name="text">Makes a block of text.</param>
internal sealed class AlternatingMessages(string assistant, string content, Func<string, JsonObject> text)
{
    /// <summary>The text before an answer that has no prompt.</summary>
    public const string Opening = "(The conversation begins with an answer.)";

    private const string User = "user";

    private readonly JsonArray _messages = [];
    private JsonArray? _blocks;
    private string _role = "";

    public JsonArray ToArray() => _messages;

    /// <summary>Whether the user spoke last.</summary>
    public bool EndsWithUser => _blocks is not null && _role == User;

    public void AddUser(IEnumerable<JsonObject> blocks) => Add(User, blocks);

    /// <summary>Adds a message of the system's, for providers that take one behind the user's.</summary>
    public void AddSystem(IEnumerable<JsonObject> blocks) => Add("system", blocks);

    /// <summary>Adds to the assistant's message; without blocks, as with the user's, nothing.</summary>
    public void AddAssistant(IEnumerable<JsonObject> blocks)
    {
        JsonObject[] all = [.. blocks];
        if (_messages.Count == 0 && all.Length > 0)
        {
            Add(User, [text(Opening)]);
        }

        Add(assistant, all);
    }

    private void Add(string role, IEnumerable<JsonObject> blocks)
    {
        foreach (JsonObject block in blocks)
        {
            if (_blocks is null || role != _role)
            {
                _blocks = [];
                _role = role;
                _messages.AddNode(new JsonObject { ["role"] = role, [content] = _blocks });
            }

            _blocks.AddNode(block);
        }
    }
}
