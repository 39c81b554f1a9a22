using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.ProviderStub;

/// <summary>
/// A server on loopback that stands in for the providers. It checks each request by the provider's rules, answers 400 in the provider's
/// error shape with the violations, else a reply in its schema: a tool call for a conversation that offers tools and has no result yet,
/// else text.
/// </summary>
/// <remarks>
/// Paths: /v1/messages, /v1/chat/completions, /v1/responses, /v1beta/models/{model}:generateContent or :streamGenerateContent,
/// /model/{id}/converse or converse-stream, /api/chat. A request with <c>"stream": true</c>, or to a path of streams, is answered by lines.
/// GET /requests gives what was received. Behind /s/name:step,step it answers by a scenario: see <see cref="StubScenarios"/>.
/// </remarks>
public sealed class StubServer : IDisposable
{
    private const string Scenario = "/s/";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private readonly StubScenarios _scenarios = new();
    private readonly CancellationTokenSource _ended = new();

    private StubServer()
    {
        _listener.Start();
        BaseUri = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Its address, without a slash at the end when it is text: <c>BaseUri.GetLeftPart(UriPartial.Authority)</c>.</summary>
    public Uri BaseUri { get; }

    /// <summary>The requests of models so far, oldest first.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    /// <summary>Text of the answers that are not tool calls.</summary>
    public string AnswerText { get; set; } = "It says hello.";

    /// <summary>Answers a request in place of the canned reply; null for the canned one. Runs after the request was found valid.</summary>
    public Func<StubRequest, StubAnswer?>? Respond { get; set; }

    /// <summary>Starts a server on a free port.</summary>
    public static StubServer Start() => new();

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_ended.Token);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }

            _ = Task.Run(() => HandleAsync(client));
        }
    }

    private async Task HandleAsync(TcpClient client)
    {
        try
        {
            using HttpExchange exchange = await HttpExchange.ReadAsync(client, _ended.Token);
            await SendAsync(Answer(exchange), exchange);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            client.Dispose(); // the client went away
        }
    }

    private async Task SendAsync(StubAnswer answer, HttpExchange exchange)
    {
        if (answer.Hangs)
        {
            await Task.Delay(Timeout.Infinite, _ended.Token);
        }

        if (answer.TornAt == 0)
        {
            return; // the connection closes at once
        }

        if (answer.Lines is { } lines)
        {
            bool isFramed = exchange.Url.AbsolutePath.EndsWith("/converse-stream", StringComparison.Ordinal);
            await exchange.BeginAsync(answer.Status, isFramed ? "application/vnd.amazon.eventstream" : "text/event-stream", null, answer.RetryAfter);
            foreach (string line in lines.Take((int)Math.Ceiling(lines.Count * (answer.TornAt ?? 1))))
            {
                await exchange.WriteAsync(isFramed ? AmazonFrame.Of(line) : System.Text.Encoding.UTF8.GetBytes(line + "\n"));
            }
        }
        else
        {
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(answer.Body);
            await exchange.BeginAsync(answer.Status, "application/json", body.Length, answer.RetryAfter);
            await exchange.WriteAsync(body.AsMemory(0, (int)(body.Length * (answer.TornAt ?? 1))));
        }

        if (answer.TornAt is null)
        {
            await exchange.EndAsync();
        }
    }

    private StubAnswer Answer(HttpExchange request)
    {
        string path = Uri.UnescapeDataString(request.Url.AbsolutePath);
        string? scenario = null;
        if (path.StartsWith(Scenario, StringComparison.Ordinal) && path.IndexOf('/', Scenario.Length) is > 0 and int end)
        {
            (scenario, path) = (path[Scenario.Length..end], path[end..]);
        }

        if (request.Method == "GET" && path == "/requests")
        {
            return new StubAnswer(200, JsonSerializer.SerializeToNode(_requests.Select(known => new { known.Path, Provider = known.Provider.ToString(), known.Body, known.Violations, known.Status }))!);
        }

        if (request.Method != "POST" || StubReply.ProviderAt(path) is not { } provider)
        {
            return new StubAnswer(404, new JsonObject { ["error"] = $"no such path: {request.Method} {path}" });
        }

        if (MissingKey(provider, request) is { } missing)
        {
            return new StubAnswer(401, StubReply.Error(provider, 401, missing));
        }

        JsonElement body = Parse(request.Body);
        IReadOnlyList<string> violations = ProviderRules.Validate(provider, body);
        var received = new StubRequest(path, provider, body, violations, violations.Count > 0 ? 400 : 200);
        StubAnswer answer = violations.Count > 0
            ? new StubAnswer(400, StubReply.Error(provider, 400, string.Join("; ", violations)))
            : Respond?.Invoke(received)
                ?? (scenario is null ? null : _scenarios.Next(scenario, received, AnswerText))
                ?? StubScenarios.Whole(received, AnswerText);
        _requests.Enqueue(received with { Status = answer.Status });
        return answer;
    }

    private static string? MissingKey(Provider provider, HttpExchange request) => provider switch
    {
        Provider.Anthropic when !Has(request, "x-api-key") && !Has(request, "Authorization") => "x-api-key header is required",
        Provider.Anthropic when !Has(request, "anthropic-version") => "anthropic-version: header is required",
        Provider.OpenAIChat or Provider.OpenAIResponses or Provider.Bedrock when !Has(request, "Authorization") => "You didn't provide an API key in an Authorization header.",
        Provider.Gemini or Provider.GeminiInteractions when !Has(request, "x-goog-api-key") && !request.Url.Query.Contains("key=", StringComparison.Ordinal) => "Method doesn't allow unregistered callers.",
        _ => null,
    };

    private static bool Has(HttpExchange request, string header) => request.Headers.ContainsKey(header);

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
