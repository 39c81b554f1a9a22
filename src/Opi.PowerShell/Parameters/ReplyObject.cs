using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>
/// Takes a provider's reply in any form that PowerShell gives it: an object, a table, text, lines, bytes, a response of HTTP, the error of a command
/// that sends requests, an object of an SDK.
/// </summary>
internal static class ReplyObject
{
    private const string WebResponse = "Microsoft.PowerShell.Commands.WebResponseObject";

    /// <summary>The reply as JSON.</summary>
    /// <param name="reply">What was given.</param>
    /// <param name="cancellation">Ends the wait for a body that still comes.</param>
    /// <exception cref="UnknownReplyException">It is nothing that can hold a reply.</exception>
    public static GivenReply Read(object? reply, CancellationToken cancellation = default)
    {
        object? value = reply is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : reply;
        try
        {
            return value switch
            {
                ErrorRecord error => OfError(error),
                HttpResponseMessage response => OfResponse(response, cancellation),
                HttpContent content => OfText(Body(content, cancellation)),
                byte[] bytes => OfText(Encoding.UTF8.GetString(bytes)),
                ReadOnlyMemory<byte> bytes => OfText(Encoding.UTF8.GetString(bytes.Span)),
                Stream stream => OfText(Body(new StreamContent(stream), cancellation)),
                not null when TypeText.BaseNamed(value.GetType(), WebResponse) is not null => OfWebResponse(value),
                Exception thrown => OfException(thrown) ?? throw NoBody(thrown.Message, thrown),
                _ => new GivenReply(ObjectJson.ToElement(value, keepHalves: true)),
            };
        }
        catch (ArgumentException error)
        {
            throw new UnknownReplyException($"The value is not a reply of a model that can be read. {error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ObjectDisposedException or HttpRequestException or NotSupportedException)
        {
            throw new UnknownReplyException($"The body of the {TypeText.Of(value!.GetType())} cannot be read: {error.Message}");
        }
    }

    /// <summary>The body of the answer in an error of a command that sends requests, or of an SDK; null when it has none.</summary>
    public static GivenReply? BodyOf(ErrorRecord error)
    {
        if (error.ErrorDetails?.Message is { Length: > 0 } body)
        {
            return OfText(body) with { RetryAfter = RetryAfter(ResponseOf(error.Exception)) };
        }

        for (Exception? thrown = error.Exception; thrown is not null; thrown = thrown.InnerException)
        {
            if (OfException(thrown) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static GivenReply OfText(string text) => new(JsonSerializer.SerializeToElement(text));

    private static GivenReply OfError(ErrorRecord error) => BodyOf(error) ?? throw NoBody(error.Exception.Message, error.Exception);

    private static UnknownReplyException NoBody(string message, Exception thrown)
    {
        TimeSpan? wait = RetryAfter(ResponseOf(thrown));
        return new UnknownReplyException(
            $"The error holds no body of a provider's answer, so that nothing but its own words is known: {message.TrimEnd('.')}."
                + (wait is { } time ? $" The server asks to wait {time.TotalSeconds:0.#} s." : ""));
    }

    private static GivenReply OfResponse(HttpResponseMessage response, CancellationToken cancellation)
    {
        string body = Body(response.Content, cancellation);
        return body.Length > 0 || response.IsSuccessStatusCode
            ? OfText(body) with { RetryAfter = RetryAfter(response) }
            : throw new UnknownReplyException($"The answer has no body that says more: HTTP {(int)response.StatusCode} {response.ReasonPhrase}.");
    }

    private static GivenReply OfWebResponse(object response)
    {
        PSMemberInfoCollection<PSPropertyInfo> members = PSObject.AsPSObject(response).Properties;
        return members["Content"]?.Value switch
        {
            byte[] bytes => OfText(Encoding.UTF8.GetString(bytes)),
            string text => OfText(text),
            _ => throw new UnknownReplyException("The response of the request has no content."),
        } with { RetryAfter = RetryAfter(members["BaseResponse"]?.Value as HttpResponseMessage) };
    }

    /// <summary>What an SDK's exception holds of the answer; null when it holds none that is known.</summary>
    private static GivenReply? OfException(Exception thrown)
    {
        Type type = thrown.GetType();
        if (ResponseOf(thrown) is { } response)
        {
            // The command that threw it has read the body, and disposed what it read it from.
            return response.Content is { } content && thrown is not RuntimeException && TryBody(content) is { Length: > 0 } body
                ? OfText(body) with { RetryAfter = RetryAfter(response) }
                : null;
        }

        bool hasResponse = TypeText.BaseNamed(type, "System.ClientModel.ClientResultException") is not null
            || TypeText.BaseNamed(type, "Azure.RequestFailedException") is not null;
        if (hasResponse && type.GetMethod("GetRawResponse", Type.EmptyTypes)?.Invoke(thrown, null) is { } raw
            && ForeignObject.Read(raw) is string text && text.Length > 0)
        {
            return OfText(text);
        }

        return TypeText.IsIn(type, "Anthropic.Exceptions") && type.GetProperty("ResponseBody")?.GetValue(thrown) is string { Length: > 0 } said
            ? OfText(said)
            : null;
    }

    private static HttpResponseMessage? ResponseOf(Exception? thrown) =>
        thrown is not null && TypeText.BaseNamed(thrown.GetType(), "Microsoft.PowerShell.Commands.HttpResponseException") is { } type
            ? type.GetProperty("Response")?.GetValue(thrown) as HttpResponseMessage
            : null;

    /// <summary>How long a response asks to wait; null when it does not.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        TimeSpan? wait = response?.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - DateTimeOffset.UtcNow) : null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string? TryBody(HttpContent content)
    {
        try
        {
            return Body(content, CancellationToken.None);
        }
        catch (Exception error) when (error is InvalidOperationException or ObjectDisposedException or HttpRequestException)
        {
            return null; // it was read before; the error speaks for itself
        }
    }

    private static string Body(HttpContent content, CancellationToken cancellation) =>
        content.ReadAsStringAsync(cancellation).GetAwaiter().GetResult();
}
