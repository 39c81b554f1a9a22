using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>A kind of item that is a call which the client has to run, and the kind of item that is its result.</summary>
/// <param name="Item">The type of the item.</param>
/// <param name="Name">The name of the call in a message.</param>
/// <param name="Output">The type of the item that answers it.</param>
/// <param name="Arguments">The members that say what to do.</param>
internal sealed record ResponsesClientCall(string Item, string Name, string Output, params string[] Arguments)
{
    public static readonly IReadOnlyList<ResponsesClientCall> All =
    [
        new("local_shell_call", "local_shell", "local_shell_call_output", "action"),
        new("shell_call", "shell", "shell_call_output", "action"),
        new("apply_patch_call", "apply_patch", "apply_patch_call_output", "operation"),
        new("computer_call", "computer", "computer_call_output", "action", "actions"),
        new("mcp_approval_request", "mcp_approval_request", "mcp_approval_response", "server_label", "name", "arguments"),
        new("tool_search_call", "tool_search", "tool_search_output", "arguments"),
    ];

    /// <summary>The kind of an item that waits for the client; null for every other item.</summary>
    public static ResponsesClientCall? Of(JsonElement item)
    {
        ResponsesClientCall? kind = All.FirstOrDefault(one => item.Is("type", one.Item));
        return kind?.Item switch
        {
            "shell_call" when item.Object("environment")?.Text("type")?.StartsWith("container", StringComparison.Ordinal) == true => null,
            "tool_search_call" when item.Is("execution", "server") || (item.Get("execution") is null && item.Get("call_id") is null) => null,
            _ => kind,
        };
    }

    /// <summary>The kind whose results are items of this type; null for none.</summary>
    public static ResponsesClientCall? OfOutput(string? type) => All.FirstOrDefault(one => one.Output == type);

    /// <summary>The id by which a result names its call.</summary>
    public static string? IdOf(JsonElement item) =>
        item.Is("type", "mcp_approval_request") ? item.Text("id") : item.Text("call_id") ?? item.Text("approval_request_id") ?? item.Text("id");

    public string ArgumentsOf(JsonElement item)
    {
        (string Name, JsonElement Value)[] members = [.. Arguments.Select(name => (name, item.Get(name))).Where(member => member.Item2 is not null)
            .Select(member => (member.name, member.Item2!.Value))];
        return members is [(_, { ValueKind: JsonValueKind.Object } only)]
            ? ReplyJson.Compact(only)
            : ReplyJson.Compact(
                new JsonObject(members.Select(member => KeyValuePair.Create(member.Name, ProviderJson.Node(member.Value)))).ToElement());
    }
}
