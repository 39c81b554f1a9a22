using System.Text.Json;

namespace Opi;

/// <summary>A request of a turn.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Provider">Whose shape it has.</param>
/// <param name="Model">The model as <c>provider:model</c>; null when not known.</param>
/// <param name="Body">The whole body, the caller's members among it.</param>
internal sealed record TurnRequest(string SessionId, Provider Provider, string? Model, JsonElement Body)
{
    private readonly ValueJson _body = Body;

    /// <summary>The whole body.</summary>
    public JsonElement Body { get => _body.Element; init => _body = value; }

    /// <summary>The number of the request among those of the turn, from 1; a retry has that of the request it repeats.</summary>
    public int Round { get; init; }

    /// <summary>Which try it is, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The context that it was made of.</summary>
    public IReadOnlyList<AgentMessage> Context { get; init; } = [];

    /// <summary>The estimated tokens of the context and the tools.</summary>
    public long ContextTokens { get; init; }
}
