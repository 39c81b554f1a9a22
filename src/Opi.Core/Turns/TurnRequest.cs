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

    public JsonElement Body { get => _body.Element; init => _body = value; }

    /// <summary>The number of the request in the turn, from 1; a retry has the number of the request it repeats.</summary>
    public int Round { get; init; }

    /// <summary>Which try it is, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The context that it was made of.</summary>
    public IReadOnlyList<AgentMessage> Context { get; init; } = [];

    /// <summary>What the provider cannot take of the context, and what became of it, a line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The request that a context makes.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="context">Its context, with what is asked at the end.</param>
    /// <param name="sessionModel">Its model as <c>provider:model</c>; null when not known.</param>
    /// <param name="options">What else goes into it.</param>
    public static TurnRequest Of(string sessionId, IReadOnlyList<AgentMessage> context, string? sessionModel, TurnOptions options)
    {
        string? model = RequestBody.ModelOf(options.Body, sessionModel);
        var wanted = new RequestOptions
        {
            System = options.System,
            Model = model,
            Cache = options.Cache,
            Tools = options.Tools?.Definitions ?? [],
            TimeProvider = options.TimeProvider,
        };
        ProviderRequest request = ProviderRequest.Build(context, options.Provider, wanted);
        return new TurnRequest(sessionId, options.Provider, model, RequestBody.Complete(request, model, options.Body))
        {
            Context = context,
            Warnings = [.. request.Warnings.Where(warning => warning != request.FailedWarning)],
        };
    }
}
