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

    private readonly HttpListener _listener;
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private readonly StubScenarios _scenarios = new();
    private readonly CancellationTokenSource _ended = new();

    private StubServer(HttpListener listener, int port)
    {
        _listener = listener;
        BaseUri = new Uri($"http://127.0.0.1:{port}");
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
    public static StubServer Start()
    {
        for (int attempt = 0; ; attempt++)
        {
            int port = FreePort();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return new StubServer(listener, port);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close(); // somebody else took the port meanwhile
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _listener.Close();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => HandleAsync(context));
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            StubAnswer answer = Answer(context.Request, await reader.ReadToEndAsync());
            if (answer.Hangs)
            {
                await Task.Delay(Timeout.Infinite, _ended.Token);
            }

            context.Response.StatusCode = answer.Status;
            if (answer.RetryAfter is { } wait)
            {
                context.Response.Headers["Retry-After"] = wait;
            }

            if (answer.Lines is { } lines && answer.TornAt != 0)
            {
                bool isFramed = context.Request.Url!.AbsolutePath.EndsWith("/converse-stream", StringComparison.Ordinal);
                await WriteStreamAsync(
                    context.Response,
                    isFramed ? "application/vnd.amazon.eventstream" : "text/event-stream",
                    [.. lines.Select(line => isFramed ? AmazonFrame.Of(line) : System.Text.Encoding.UTF8.GetBytes(line + "\n"))],
                    answer.TornAt);
                return;
            }

            byte[] body = JsonSerializer.SerializeToUtf8Bytes(answer.Body);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength64 = body.Length;
            int sent = (int)(body.Length * (answer.TornAt ?? 1));
            if (sent > 0)
            {
                await context.Response.OutputStream.WriteAsync(body.AsMemory(0, sent));
            }

            if (answer.TornAt is not null)
            {
                await context.Response.OutputStream.FlushAsync();
                context.Response.Abort();
                return;
            }

            context.Response.Close();
        }
        catch (Exception error) when (error is IOException or HttpListenerException or ObjectDisposedException or OperationCanceledException)
        {
            context.Response.Abort(); // the client went away
        }
    }

    private static async Task WriteStreamAsync(HttpListenerResponse response, string type, byte[][] pieces, double? tornAt)
    {
        response.ContentType = type;
        response.SendChunked = true;
        foreach (byte[] piece in pieces.Take((int)Math.Ceiling(pieces.Length * (tornAt ?? 1))))
        {
            await response.OutputStream.WriteAsync(piece);
            await response.OutputStream.FlushAsync();
        }

        if (tornAt is not null)
        {
            response.Abort();
            return;
        }

        response.Close();
    }

    private StubAnswer Answer(HttpListenerRequest request, string text)
    {
        string path = Uri.UnescapeDataString(request.Url!.AbsolutePath);
        string? scenario = null;
        if (path.StartsWith(Scenario, StringComparison.Ordinal) && path.IndexOf('/', Scenario.Length) is > 0 and int end)
        {
            (scenario, path) = (path[Scenario.Length..end], path[end..]);
        }

        if (request.HttpMethod == "GET" && path == "/requests")
        {
            return new StubAnswer(200, JsonSerializer.SerializeToNode(_requests.Select(known => new { known.Path, Provider = known.Provider.ToString(), known.Body, known.Violations, known.Status }))!);
        }

        if (request.HttpMethod != "POST" || StubReply.ProviderAt(path) is not { } provider)
        {
            return new StubAnswer(404, new JsonObject { ["error"] = $"no such path: {request.HttpMethod} {path}" });
        }

        if (MissingKey(provider, request) is { } missing)
        {
            return new StubAnswer(401, StubReply.Error(provider, 401, missing));
        }

        JsonElement body = Parse(text);
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

    private static string? MissingKey(Provider provider, HttpListenerRequest request) => provider switch
    {
        Provider.Anthropic when request.Headers["x-api-key"] is null && request.Headers["Authorization"] is null => "x-api-key header is required",
        Provider.Anthropic when request.Headers["anthropic-version"] is null => "anthropic-version: header is required",
        Provider.OpenAIChat or Provider.OpenAIResponses or Provider.Bedrock when request.Headers["Authorization"] is null => "You didn't provide an API key in an Authorization header.",
        Provider.Gemini when request.Headers["x-goog-api-key"] is null && request.QueryString["key"] is null => "Method doesn't allow unregistered callers.",
        _ => null,
    };

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
