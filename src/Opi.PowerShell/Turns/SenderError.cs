using System.Management.Automation;
using System.Net;
using System.Net.Sockets;

namespace Opi.PowerShell;

/// <summary>Reads from the error of a script block that sends requests what happened to the request.</summary>
internal static class SenderError
{
    private const int LongestText = 600;
    private const string WebResponse = "Microsoft.PowerShell.Commands.WebResponseObject";
    private const string HttpResponse = "Microsoft.PowerShell.Commands.HttpResponseException";

    /// <summary>Exceptions of clients that have the status in a member of this name.</summary>
    private static readonly (string Type, string Member)[] WithStatus =
    [
        ("System.ClientModel.ClientResultException", "Status"),
        ("Azure.RequestFailedException", "Status"),
        ("Amazon.Runtime.AmazonServiceException", "StatusCode"),
        ("Anthropic.Exceptions.AnthropicApiException", "StatusCode"),
    ];

    /// <summary>The error as the library takes it.</summary>
    /// <param name="record">The error.</param>
    /// <param name="thrown">What was thrown with it: the record's own exception may have lost what is inside; null for nothing else.</param>
    public static SendFailedException Of(ErrorRecord record, Exception? thrown = null)
    {
        Exception[] chain = [.. Chain(record.Exception), .. thrown is null ? [] : Chain(thrown)];
        int? status = chain.Select(StatusOf).FirstOrDefault(known => known is not null);
        GivenReply? body = ReplyObject.BodyOf(record);
        Exception cause = chain.FirstOrDefault(error => error is not RuntimeException) ?? record.Exception; // not the call's own "Exception calling"
        return new SendFailedException($"the -Send script block failed: {OneLine(cause.Message)}", record.Exception)
        {
            Status = status,
            Body = body?.Value,
            RetryAfter = body?.RetryAfter ?? chain.Select(RetryAfterOf).FirstOrDefault(wait => wait is not null),
            IsConnection = status is null && chain.Any(IsConnection),
        };
    }

    /// <summary>The HTTP status of an answer or an exception; null when it has none.</summary>
    public static int? StatusOf(object value)
    {
        object? status = value switch
        {
            HttpResponseMessage response => response.StatusCode,
            HttpRequestException { StatusCode: { } code } => code,
            _ when TypeText.BaseNamed(value.GetType(), HttpResponse) is not null => ResponseOf(value)?.StatusCode,
            _ when TypeText.BaseNamed(value.GetType(), WebResponse) is { } type => type.GetProperty("StatusCode")?.GetValue(value),
            _ => WithStatus.Select(known => TypeText.BaseNamed(value.GetType(), known.Type)?.GetProperty(known.Member)?.GetValue(value))
                .FirstOrDefault(found => found is not null),
        };
        return status switch
        {
            HttpStatusCode code => (int)code,
            int number and >= 100 and < 600 => number,
            _ => null,
        };
    }

    /// <summary>How long an answer asks to wait; null when it does not.</summary>
    public static TimeSpan? RetryAfterOf(object value) => ReplyObject.RetryAfter(ResponseOf(value));

    private static HttpResponseMessage? ResponseOf(object value) => value as HttpResponseMessage
        ?? TypeText.BaseNamed(value.GetType(), HttpResponse)?.GetProperty("Response")?.GetValue(value) as HttpResponseMessage;

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (Exception? at = error; at is not null; at = at.InnerException)
        {
            yield return at;
        }
    }

    /// <summary>Whether it is the error of a connection: it was not made, it broke, or nothing came in time.</summary>
    private static bool IsConnection(Exception error) => error switch
    {
        HttpRequestException or SocketException or TimeoutException or WebException => true,
        OperationCanceledException => true, // how HttpClient says that its time is over
        IOException => error is not (FileNotFoundException or DirectoryNotFoundException or System.IO.DriveNotFoundException or PathTooLongException
            or FileLoadException),
        _ => false,
    };

    private static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return (line.Length > LongestText ? line[..LongestText] + "..." : line).TrimEnd('.');
    }
}
