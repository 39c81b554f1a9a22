using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Opi.ProviderStub;

/// <summary>
/// A request on a connection of its own, and its answer: as much of HTTP/1.1 as clients of providers use. The framework's HttpListener
/// would need rights on Windows, and a part of Windows that Wine does not have.
/// </summary>
internal sealed class HttpExchange : IDisposable
{
    private readonly TcpClient _client;
    private readonly CancellationToken _ended;
    private bool _isChunked;

    private HttpExchange(TcpClient client, string method, string target, CancellationToken ended)
    {
        (_client, Method, _ended) = (client, method, ended);
        Url = new Uri("http://127.0.0.1" + target);
    }

    /// <summary>GET, POST ...</summary>
    public string Method { get; }

    /// <summary>What was asked for; the host is always this one.</summary>
    public Uri Url { get; }

    /// <summary>The headers of the request; names in any case.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body of the request; empty where there is none.</summary>
    public string Body { get; private set; } = "";

    /// <summary>Reads the request of a connection.</summary>
    /// <exception cref="IOException">The client went away, or sent something else.</exception>
    public static async Task<HttpExchange> ReadAsync(TcpClient client, CancellationToken ended)
    {
        var input = new BufferedStream(client.GetStream());
        string[] start = (await ReadLineAsync(input, ended)).Split(' ');
        if (start.Length != 3)
        {
            throw new IOException("This is not a request of HTTP.");
        }

        var exchange = new HttpExchange(client, start[0], start[1], ended);
        while (await ReadLineAsync(input, ended) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            exchange.Headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        if (exchange.Headers.ContainsKey("Expect"))
        {
            await exchange.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        }

        exchange.Body = Encoding.UTF8.GetString(
            exchange.Headers.TryGetValue("Content-Length", out string? length)
                ? await ReadBytesAsync(input, int.Parse(length, CultureInfo.InvariantCulture), ended)
                : exchange.Headers.ContainsKey("Transfer-Encoding") ? await ReadChunksAsync(input, ended) : []);
        return exchange;
    }

    /// <summary>Sends the head of the answer.</summary>
    /// <param name="status">The status.</param>
    /// <param name="type">The type of the body.</param>
    /// <param name="length">Its length; null for a body that ends with <see cref="EndAsync"/>.</param>
    /// <param name="retryAfter">The Retry-After header; null for none.</param>
    public Task BeginAsync(int status, string type, int? length, string? retryAfter)
    {
        using var known = new HttpResponseMessage((HttpStatusCode)status); // has the words of each status
        _isChunked = length is null;
        return SendAsync(
            $"HTTP/1.1 {status} {known.ReasonPhrase}\r\nContent-Type: {type}\r\nConnection: close\r\n"
            + (length is null ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {length}\r\n")
            + (retryAfter is null ? "" : $"Retry-After: {retryAfter}\r\n") + "\r\n");
    }

    /// <summary>Sends a piece of the body.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> piece)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        byte[] bytes = _isChunked ? [.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece.Span, .. "\r\n"u8] : piece.ToArray();
        await _client.GetStream().WriteAsync(bytes, _ended);
    }

    /// <summary>Ends the body. Without it the client sees that the connection broke.</summary>
    public Task EndAsync() => _isChunked ? SendAsync("0\r\n\r\n") : Task.CompletedTask;

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send); // what was sent arrives
        }
        catch (SocketException)
        {
            // The client closed it before.
        }

        _client.Dispose();
    }

    private Task SendAsync(string text) => _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), _ended).AsTask();

    private static async Task<string> ReadLineAsync(Stream input, CancellationToken ended)
    {
        var line = new StringBuilder();
        while (true)
        {
            char next = (char)(await ReadBytesAsync(input, 1, ended))[0];
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(next);
        }
    }

    private static async Task<byte[]> ReadChunksAsync(Stream input, CancellationToken ended)
    {
        var body = new MemoryStream();
        while (true)
        {
            int length = int.Parse((await ReadLineAsync(input, ended)).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await body.WriteAsync(await ReadBytesAsync(input, length, ended), ended);
            await ReadLineAsync(input, ended);
            if (length == 0)
            {
                return body.ToArray();
            }
        }
    }

    private static async Task<byte[]> ReadBytesAsync(Stream input, int count, CancellationToken ended)
    {
        byte[] bytes = new byte[count];
        await input.ReadExactlyAsync(bytes, ended);
        return bytes;
    }
}
